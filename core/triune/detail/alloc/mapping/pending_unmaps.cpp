// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/mapping/pending_unmaps.hpp>

#include <algorithm>
#include <utility>

#include <triune/base/error.hpp>

namespace triune {

PendingUnmaps::~PendingUnmaps() {
    for (const Batch& batch : batches_) {
        if (batch.event != nullptr) events_.release(batch.event);
    }
}

std::uint64_t PendingUnmaps::enter(Batch batch) {
    batch.time = ++clock_;
    if (!batch.offsets.empty()) batches_.push_back(std::move(batch));
    return clock_;
}

std::uint64_t PendingUnmaps::add(std::vector<std::size_t> offsets) {
    return enter({nullptr, true, 0, std::move(offsets)});
}

std::uint64_t PendingUnmaps::add_unordered(std::vector<std::size_t> offsets) {
    return enter({nullptr, false, 0, std::move(offsets)});
}

std::uint64_t PendingUnmaps::add(std::vector<std::size_t> offsets, StreamHandle stream) {
    if (offsets.empty()) return ++clock_;
    const EventHandle event = events_.acquire();
    try {
        check(device_.event_record(event, stream), "recording when places are free of work");
        return enter({event, false, 0, std::move(offsets)});
    } catch (...) {
        events_.release(event);
        throw;
    }
}

bool PendingUnmaps::complete(const Batch& batch) const noexcept {
    if (batch.free_of_work || batch.time <= waited_for_) return true;
    bool complete = false;
    if (batch.event != nullptr)
        report_teardown(device_.event_query(batch.event, complete), "asking whether places are free of work");
    return complete;
}

std::vector<PendingUnmap> PendingUnmaps::remove_ready(std::size_t max) {
    std::vector<PendingUnmap> ready;
    for (auto next = batches_.begin(); next != batches_.end() && ready.size() < max;) {
        Batch& batch = *next++;
        if (!complete(batch)) continue;
        batch.free_of_work = true;
        ready.reserve(ready.size() + std::min(max - ready.size(), batch.offsets.size()));
        for (; ready.size() < max && !batch.offsets.empty(); batch.offsets.pop_back())
            ready.push_back({batch.offsets.back(), batch.time});
        if (!batch.offsets.empty()) break;
        if (batch.event != nullptr) events_.release(batch.event);
        batches_.erase(std::prev(next));
    }
    return ready;
}

}  // namespace triune
