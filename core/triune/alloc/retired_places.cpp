// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/retired_places.hpp>

#include <algorithm>
#include <utility>

#include <triune/base/error.hpp>

namespace triune {

RetiredPlaces::~RetiredPlaces() {
    for (const Batch& batch : oldest_first_) events_.put_back(batch.event);
}

std::uint64_t RetiredPlaces::add(std::vector<std::size_t> offsets) {
    if (offsets.empty()) return ++clock_;
    const EventHandle event = events_.take();
    try {
        check(device_.event_record_device(event), "recording when places are free of work");
        oldest_first_.push_back({event, ++clock_, std::move(offsets)});
    } catch (...) {
        events_.put_back(event);
        throw;
    }
    return clock_;
}

std::vector<RetiredPlace> RetiredPlaces::take(std::size_t most) {
    std::vector<RetiredPlace> taken;
    while (taken.size() < most && !oldest_first_.empty()) {
        Batch& batch = oldest_first_.front();
        bool complete = false;
        report_teardown(device_.event_query(batch.event, complete), "asking whether places are free of work");
        if (!complete) break;
        taken.reserve(taken.size() + std::min(most - taken.size(), batch.offsets.size()));
        for (; taken.size() < most && !batch.offsets.empty(); batch.offsets.pop_back())
            taken.push_back({batch.offsets.back(), batch.time});
        if (!batch.offsets.empty()) break;
        events_.put_back(batch.event);
        oldest_first_.pop_front();
    }
    return taken;
}

}  // namespace triune
