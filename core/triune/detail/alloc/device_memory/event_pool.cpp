// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/device_memory/event_pool.hpp>

#include <algorithm>

#include <triune/base/error.hpp>

namespace triune {

EventPool::~EventPool() {
    for (EventHandle event : spare_) report_teardown(device_.event_destroy(event), "destroying a spare event");
}

EventHandle EventPool::acquire() {
    if (!spare_.empty()) {
        EventHandle event = spare_.back();
        spare_.pop_back();
        ++in_use_;
        return event;
    }
    if (spare_.capacity() < in_use_ + 1) spare_.reserve(std::max<std::size_t>(16, 2 * (in_use_ + 1)));
    EventHandle event = nullptr;
    check(device_.event_create(event), "creating an event");
    ++in_use_;
    return event;
}

void EventPool::release(EventHandle event) noexcept {
    --in_use_;
    spare_.push_back(event);  // within the capacity that acquire() reserved
}

}  // namespace triune
