// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/mapping/pending_unmaps.hpp>

#include <algorithm>
#include <utility>

#include <triune/base/error.hpp>

namespace triune {

RetiredPlaces::~RetiredPlaces() {
    for (const Batch& batch : batches_) {
        if (batch.event != nullptr) events_.put_back(batch.event);
    }
}

std::uint64_t RetiredPlaces::enter(Batch batch) {
    batch.time = ++clock_;
    if (!batch.offsets.empty()) batches_.push_back(std::move(batch));
    return clock_;
}

std::uint64_t RetiredPlaces::add(std::vector<std::size_t> offsets) {
    return enter({nullptr, true, 0, std::move(offsets)});
}

std::uint64_t RetiredPlaces::add_unordered(std::vector<std::size_t> offsets) {
    return enter({nullptr, false, 0, std::move(offsets)});
}

std::uint64_t RetiredPlaces::add(std::vector<std::size_t> offsets, StreamHandle stream) {
    if (offsets.empty()) return ++clock_;
    const EventHandle event = events_.take();
    try {
        check(device_.event_record(event, stream), "recording when places are free of work");
        return enter({event, false, 0, std::move(offsets)});
    } catch (...) {
        events_.put_back(event);
        throw;
    }
}

bool RetiredPlaces::complete(const Batch& batch) const noexcept {
    if (batch.free_of_work || batch.time <= waited_for_) return true;
    bool complete = false;
    if (batch.event != nullptr)
        report_teardown(device_.event_query(batch.event, complete), "asking whether places are free of work");
    return complete;
}

std::vector<RetiredPlace> RetiredPlaces::take(std::size_t most) {
    std::vector<RetiredPlace> taken;
    for (auto next = batches_.begin(); next != batches_.end() && taken.size() < most;) {
        Batch& batch = *next++;
        if (!complete(batch)) continue;
        batch.free_of_work = true;
        taken.reserve(taken.size() + std::min(most - taken.size(), batch.offsets.size()));
        for (; taken.size() < most && !batch.offsets.empty(); batch.offsets.pop_back())
            taken.push_back({batch.offsets.back(), batch.time});
        if (!batch.offsets.empty()) break;
        if (batch.event != nullptr) events_.put_back(batch.event);
        batches_.erase(std::prev(next));
    }
    return taken;
}

}  // namespace triune
