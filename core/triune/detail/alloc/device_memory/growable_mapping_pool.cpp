// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/device_memory/growable_mapping_pool.hpp>

#include <algorithm>
#include <mutex>

#include <triune/base/error.hpp>

namespace triune {

PooledMapping::PooledMapping(ChunkPool& chunks, std::size_t reserve_bytes)
    : device(chunks.device()), mapping(chunks, reserve_bytes) {
    check(device.event_create(event), "creating a mapping's event");
}

PooledMapping::~PooledMapping() {
    if (event != nullptr) report_teardown(device.event_destroy(event), "destroying a mapping's event");
}

// What the device did not answer the first time is asked for once more. Without an answer nobody may unmap: the
// addresses are given up then.
GrowableMappingPool::~GrowableMappingPool() {
    trim_all();
    trim_all();
    pending_.clear();
}

std::unique_ptr<PooledMapping> GrowableMappingPool::acquire(std::size_t reserve_bytes, std::size_t commit_bytes) {
    {
        const std::lock_guard lock(mutex_);
        ask_oldest();
        if (auto found = find(reserve_bytes, commit_bytes)) return found;
        drop_oldest();
    }
    // Without the lock: creating memory takes long.
    auto made = std::make_unique<PooledMapping>(chunks_, reserve_bytes);
    made->mapping.commit(commit_bytes);
    return made;
}

// The one with the least mapped. Of one that its last buffer had grown in, the chunks that are too many go first.
std::unique_ptr<PooledMapping> GrowableMappingPool::find(std::size_t reserve_bytes, std::size_t commit_bytes) noexcept {
    auto best = free_.end();
    for (auto each = free_.begin(); each != free_.end(); ++each) {
        const GrowableMapping& mapping = each->mapping;
        if (mapping.reserved_bytes() < reserve_bytes || mapping.committed_bytes() < commit_bytes) continue;
        const std::size_t waste = mapping.committed_after_decommit(commit_bytes) - commit_bytes;
        if (waste > commit_bytes / waste_divisor) continue;
        if (best == free_.end() || mapping.committed_bytes() < best->mapping.committed_bytes()) best = each;
    }
    if (best == free_.end()) return nullptr;
    std::unique_ptr<PooledMapping> found(&*best);
    free_.erase(best);
    free_bytes_ -= found->mapping.committed_bytes();
    found->mapping.decommit(commit_bytes);
    return found;
}

void GrowableMappingPool::release(std::unique_ptr<PooledMapping> mapping, StreamOrder order) noexcept {
    Device& device = chunks_.device();
    StreamState state;
    const bool asked = order.names_stream() && device.stream_state(order.stream(), state).ok();
    mapping->ordered =
        asked && !state.capturing && state.of_this_device && device.event_record(mapping->event, order.stream()).ok();
    const std::lock_guard lock(mutex_);
    pending_bytes_ += mapping->mapping.committed_bytes();
    if (!mapping->ordered) unordered_bytes_ += mapping->mapping.committed_bytes();
    pending_.push_back(*mapping.release());
    ask_oldest();
    drop_oldest();
}

void GrowableMappingPool::order_pending() noexcept {
    const DeviceProperties& device = chunks_.device().properties();
    if (unordered_bytes_ == 0 || !device.device_events) return;
    if (device.unseen_captures && unordered_bytes_ <= device.total_bytes / unordered_divisor) return;
    for (PooledMapping& mapping : pending_) {
        if (mapping.ordered) continue;
        if (!mapping.device.event_record_device(mapping.event).ok()) return;
        mapping.ordered = true;
        unordered_bytes_ -= mapping.mapping.committed_bytes();
    }
}

// Those that are still used go to the end, so that one that is used for long hides no others.
void GrowableMappingPool::ask_oldest() noexcept {
    order_pending();
    for (std::size_t asked = std::min(max_asked, pending_.size()); asked > 0; --asked) {
        PooledMapping& mapping = pending_.front();
        bool complete = false;
        if (mapping.ordered) {
            report_teardown(mapping.device.event_query(mapping.event, complete),
                            "asking whether a released mapping is still used");
        }
        pending_.pop_front();
        (complete ? free_ : pending_).push_back(mapping);
        if (!complete) continue;
        pending_bytes_ -= mapping.mapping.committed_bytes();
        free_bytes_ += mapping.mapping.committed_bytes();
    }
}

void GrowableMappingPool::drop_oldest() noexcept {
    for (std::size_t dropped = 0; dropped < max_dropped && free_bytes_ > max_free_bytes_; ++dropped) {
        const std::unique_ptr<PooledMapping> oldest(&free_.front());
        free_.pop_front();
        free_bytes_ -= oldest->mapping.committed_bytes();
    }
}

// Takes what is free out of the pool under the lock; it goes without it.
void GrowableMappingPool::trim() noexcept {
    Queue free;
    {
        const std::lock_guard lock(mutex_);
        for (std::size_t left = pending_.size(); left > 0; left -= std::min(left, max_asked)) ask_oldest();
        free.swap(free_);
        free_bytes_ = 0;
    }
    free.clear_and_dispose([](PooledMapping* mapping) { delete mapping; });
}

// Without the lock: what waits is taken out meanwhile, and counted still.
void GrowableMappingPool::trim_all(std::chrono::nanoseconds at_most) noexcept {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + at_most;
    const auto left = [end] { return std::max<std::chrono::nanoseconds>(end - Clock::now(), {}); };
    Queue free;
    Queue pending;
    {
        const std::lock_guard lock(mutex_);
        free.swap(free_);
        free_bytes_ = 0;
        pending.swap(pending_);
    }
    free.clear_and_dispose([](PooledMapping* mapping) { delete mapping; });
    const bool ask_device =
        std::any_of(pending.begin(), pending.end(), [](const auto& mapping) { return !mapping.ordered; });
    bool all_done = false;
    if (ask_device) {
        const Status waited = chunks_.device().synchronize_within(left(), all_done);
        report_teardown(waited, "waiting for the device because released mappings are to go");
        all_done = all_done && waited.ok();
    }
    for (auto each = pending.begin(); each != pending.end();) {
        PooledMapping* const mapping = &*each++;
        bool done = all_done;
        if (!done && mapping->ordered) {
            const Status waited = mapping->device.event_wait(mapping->event, left(), done);
            report_teardown(waited, "waiting for the last use of a released mapping");
            done = done && waited.ok();
        }
        if (!done) continue;
        pending.erase(pending.iterator_to(*mapping));
        {
            const std::lock_guard lock(mutex_);
            pending_bytes_ -= mapping->mapping.committed_bytes();
            if (!mapping->ordered) unordered_bytes_ -= mapping->mapping.committed_bytes();
        }
        delete mapping;
    }
    const std::lock_guard lock(mutex_);
    pending_.splice(pending_.begin(), pending);
}

std::size_t GrowableMappingPool::retired_bytes() const {
    const std::lock_guard lock(mutex_);
    return pending_bytes_ + free_bytes_;
}

}  // namespace triune
