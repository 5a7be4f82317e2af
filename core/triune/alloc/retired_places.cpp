#include <triune/alloc/retired_places.hpp>

#include <algorithm>
#include <utility>

#include <triune/base/error.hpp>

namespace triune {

RetiredPlaces::~RetiredPlaces() {
    for (const Batch& batch : oldest_first_) events_.put_back(batch.event);
}

void RetiredPlaces::add(std::vector<std::size_t> offsets) {
    if (offsets.empty()) return;
    const EventHandle event = events_.take();
    try {
        check(device_.event_record_device(event), "recording when places are free of work");
        oldest_first_.push_back({event, std::move(offsets)});
    } catch (...) {
        events_.put_back(event);
        throw;
    }
}

std::vector<std::size_t> RetiredPlaces::take(std::size_t most) {
    std::vector<std::size_t> taken;
    while (most > 0 && !oldest_first_.empty()) {
        auto& [event, offsets] = oldest_first_.front();
        bool complete = false;
        report_teardown(device_.event_query(event, complete), "asking whether places are free of work");
        if (!complete) break;
        const std::size_t count = std::min(most, offsets.size());
        taken.insert(taken.end(), offsets.end() - static_cast<std::ptrdiff_t>(count), offsets.end());
        offsets.resize(offsets.size() - count);
        most -= count;
        if (!offsets.empty()) break;
        events_.put_back(event);
        oldest_first_.pop_front();
    }
    return taken;
}

}  // namespace triune
