// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/device_memory/event_pool.hpp>

#include <algorithm>

#include <triune/base/error.hpp>

namespace triune {

EventPool::~EventPool() {
    for (EventHandle event : spare_) report_teardown(device_.event_destroy(event), "destroying a spare event");
}

EventHandle EventPool::take() {
    if (!spare_.empty()) {
        EventHandle event = spare_.back();
        spare_.pop_back();
        ++taken_;
        return event;
    }
    if (spare_.capacity() < taken_ + 1) spare_.reserve(std::max<std::size_t>(16, 2 * (taken_ + 1)));
    EventHandle event = nullptr;
    check(device_.event_create(event), "creating an event");
    ++taken_;
    return event;
}

void EventPool::put_back(EventHandle event) noexcept {
    --taken_;
    spare_.push_back(event);  // within the capacity that take() reserved
}

}  // namespace triune
