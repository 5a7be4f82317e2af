// SPDX-License-Identifier: Apache-2.0
#include <triune/device/stream.hpp>

#include <utility>

#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>

namespace triune {

Stream::Stream() : Stream(current_device()) {}

Stream::Stream(Device& device) : device_(&device) { check(device.stream_create(handle_), "creating a stream"); }

Stream::~Stream() { destroy(); }

Stream::Stream(Stream&& other) noexcept
    : device_(std::exchange(other.device_, nullptr)), handle_(std::exchange(other.handle_, nullptr)) {}

Stream& Stream::operator=(Stream&& other) noexcept {
    if (this == &other) return *this;
    destroy();
    device_ = std::exchange(other.device_, nullptr);
    handle_ = std::exchange(other.handle_, nullptr);
    return *this;
}

void Stream::synchronize() const { check(device().stream_synchronize(handle_), "waiting for a stream"); }

bool Stream::query() const {
    bool idle = false;
    check(device().stream_query(handle_, idle), "asking whether a stream is idle");
    return idle;
}

Device& Stream::device() const {
    if (device_ == nullptr) throw invalid_argument("the stream was moved from");
    return *device_;
}

void Stream::destroy() noexcept {
    if (device_ != nullptr) report_teardown(device_->stream_destroy(handle_), "destroying a stream");
}

}  // namespace triune
