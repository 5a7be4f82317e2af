// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/submission.hpp>

#include <string>

#include <triune/base/error.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

void check_on_stream(Status status, const char* doing) {
    if (status.cuda_error == cuda_error::invalid_resource_handle) {
        throw invalid_argument(std::string(doing) + " on a stream that the device does not know (" + status.verb + ")",
                               status.cuda_error);
    }
    check(status, doing);
}

Submission::Submission(DeviceResources& resources, StreamOrder order) noexcept
    : resources_(resources),
      order_(order),
      stream_(order.names_stream() ? order.stream() : resources.service.handle()) {}

Submission::~Submission() {
    if (queued_)
        report_teardown(resources_.device.stream_synchronize(stream_), "waiting for the work of a failed call");
}

void Submission::after_earlier_work() {
    if (order_.names_stream() || joined_) return;
    resources_.service.join_all();
    joined_ = true;
}

void Submission::copy(void* to, const void* from, std::size_t bytes, const char* doing) {
    check_on_stream(resources_.device.copy(to, from, bytes, stream_), doing);
    queued_ = true;
}

void Submission::copy_on_device(void* to, const void* from, std::size_t bytes, const char* doing) {
    const CopyPiece piece{to, from, bytes};
    check_on_stream(resources_.device.copy_on_device({&piece, 1}, stream_), doing);
    queued_ = true;
}

void Submission::zero(void* to, std::size_t bytes, const char* doing) { fill(to, 0, 1, bytes, doing); }

void Submission::fill(void* to, std::uint32_t value, unsigned width, std::size_t count, const char* doing) {
    check_on_stream(resources_.device.fill(to, value, width, count, stream_), doing);
    queued_ = true;
}

void Submission::finish() {
    if (!order_.names_stream() && queued_) resources_.service.synchronize();
    queued_ = false;
}

}  // namespace triune
