#include <triune/manage/submission.hpp>

#include <triune/base/error.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

Submission::Submission(DeviceResources& resources, StreamOrder order) noexcept
    : resources_(resources),
      order_(order),
      stream_(order.names_stream() ? order.stream() : resources.service.handle()) {}

Submission::~Submission() {
    if (queued_)
        report_teardown(resources_.device.stream_synchronize(stream_), "waiting for the work of a failed call");
}

void Submission::after_earlier_work() {
    if (!order_.names_stream()) resources_.service.join_all();
}

void Submission::copy(void* to, const void* from, std::size_t bytes, const char* doing) {
    queued_ = true;
    check(resources_.device.copy(to, from, bytes, stream_), doing);
}

void Submission::zero(void* to, std::size_t bytes, const char* doing) { fill(to, 0, 1, bytes, doing); }

void Submission::fill(void* to, std::uint32_t value, unsigned width, std::size_t count, const char* doing) {
    queued_ = true;
    check(resources_.device.fill(to, value, width, count, stream_), doing);
}

void Submission::finish() {
    if (!order_.names_stream() && queued_) resources_.service.synchronize();
    queued_ = false;
}

}  // namespace triune
