// SPDX-License-Identifier: Apache-2.0
// An owned event: a mark in the order of the work on a device, to wait for or to ask about.
#pragma once

#include <triune/device/device.hpp>

namespace triune {

// Move-only; a moved-from event may be destroyed and assigned to, its handle is null, and every other call on it throws
// invalid_argument. All functions throw device_error where the device fails. An event that was never recorded counts as
// complete. Const functions are safe from any thread; two recordings at once are not.
class Event {
  public:
    // On the current device.
    Event();
    // `device` must outlive the event.
    explicit Event(Device& device, EventUse use = EventUse::waited_for);
    ~Event();
    Event(Event&& other) noexcept;
    Event& operator=(Event&& other) noexcept;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    EventHandle handle() const noexcept { return handle_; }

    // Captures the work queued on `stream` by now, in place of what was captured before.
    void record(StreamHandle stream);
    // Captures the work queued on every stream of the device. Needs the device's `device_events`.
    void record_device();
    // Whether what was captured has run. Does not wait.
    bool query() const;
    // Waits for what was captured.
    void synchronize() const;

  private:
    Device& device() const;  // throws when moved from
    void destroy() noexcept;

    Device* device_ = nullptr;
    EventHandle handle_ = nullptr;
};

}  // namespace triune
