// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/submission.hpp>

#include <string>

#include <triune/base/error.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

namespace {

std::string with_label(const char* doing, std::string_view label) {
    return label.empty() ? std::string(doing) : "'" + std::string(label) + "': " + doing;
}

}  // namespace

void check_on_stream(Status status, const char* doing, std::string_view label) {
    if (status.cuda_error == cuda_error::invalid_resource_handle) {
        throw invalid_argument(
            with_label(doing, label) + " on a stream that the device does not know (" + status.verb + ")",
            status.cuda_error);
    }
    check_for(status, doing, label);
}

void check_for(Status status, const char* doing, std::string_view label) {
    if (!status.ok()) check(status, with_label(doing, label));
}

Submission::Submission(DeviceResources& resources, StreamOrder order, std::string_view label) noexcept
    : resources_(resources),
      order_(order),
      stream_(order.names_stream() ? order.stream() : resources.service.handle()),
      label_(label) {}

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
    check_on_stream(resources_.device.copy(to, from, bytes, stream_), doing, label_);
    queued_ = true;
}

void Submission::copy_on_device(void* to, const void* from, std::size_t bytes, const char* doing) {
    const CopyPiece piece{to, from, bytes};
    check_on_stream(resources_.device.copy_on_device({&piece, 1}, stream_), doing, label_);
    queued_ = true;
}

void Submission::zero(void* to, std::size_t bytes, const char* doing) { fill(to, 0, 1, bytes, doing); }

void Submission::fill(void* to, std::uint32_t value, unsigned width, std::size_t count, const char* doing) {
    check_on_stream(resources_.device.fill(to, value, width, count, stream_), doing, label_);
    queued_ = true;
}

void Submission::finish() {
    if (!order_.names_stream() && queued_) resources_.service.synchronize();
    queued_ = false;
}

}  // namespace triune
