// SPDX-License-Identifier: Apache-2.0
#include <triune/device/event.hpp>

#include <utility>

#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>

namespace triune {

Event::Event() : Event(current_device()) {}

Event::Event(Device& device, EventUse use) : device_(&device) {
    check(device.event_create(handle_, use), "creating an event");
}

Event::~Event() { destroy(); }

Event::Event(Event&& other) noexcept
    : device_(std::exchange(other.device_, nullptr)), handle_(std::exchange(other.handle_, nullptr)) {}

Event& Event::operator=(Event&& other) noexcept {
    if (this == &other) return *this;
    destroy();
    device_ = std::exchange(other.device_, nullptr);
    handle_ = std::exchange(other.handle_, nullptr);
    return *this;
}

void Event::record(StreamHandle stream) { check(device().event_record(handle_, stream), "recording an event"); }

void Event::record_device() { check(device().event_record_device(handle_), "recording an event for the whole device"); }

bool Event::query() const {
    bool complete = false;
    check(device().event_query(handle_, complete), "asking whether an event is complete");
    return complete;
}

void Event::synchronize() const { check(device().event_synchronize(handle_), "waiting for an event"); }

Device& Event::device() const {
    if (device_ == nullptr) throw invalid_argument("the event was moved from");
    return *device_;
}

void Event::destroy() noexcept {
    if (device_ != nullptr) report_teardown(device_->event_destroy(handle_), "destroying an event");
}

}  // namespace triune
