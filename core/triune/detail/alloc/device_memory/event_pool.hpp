// SPDX-License-Identifier: Apache-2.0
// Events kept for reuse: creating one costs more than recording it.
#pragma once

#include <vector>

#include <triune/device/device.hpp>

namespace triune {

// Not thread-safe: its owner's lock covers it.
class EventPool {
  public:
    explicit EventPool(Device& device) noexcept : device_(device) {}
    EventPool(const EventPool&) = delete;
    EventPool& operator=(const EventPool&) = delete;
    ~EventPool();

    // Throws device_error or std::bad_alloc. Acquiring one makes room to release it without allocating.
    EventHandle acquire();
    void release(EventHandle event) noexcept;

  private:
    Device& device_;
    std::size_t in_use_ = 0;
    std::vector<EventHandle> spare_;
};

}  // namespace triune
