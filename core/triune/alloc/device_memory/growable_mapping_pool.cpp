// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/device_memory/growable_mapping_pool.hpp>

#include <algorithm>
#include <mutex>

#include <triune/base/error.hpp>

namespace triune {

PooledArena::PooledArena(ChunkPool& chunks, std::size_t reserve_bytes)
    : device(chunks.device()), arena(chunks, reserve_bytes) {
    check(device.event_create(event), "creating an arena's event");
}

PooledArena::~PooledArena() {
    if (event != nullptr) report_teardown(device.event_destroy(event), "destroying an arena's event");
}

// What the device did not answer the first time is asked for once more. Without an answer nobody may unmap: the
// addresses are given up then.
ArenaPool::~ArenaPool() {
    drain();
    drain();
    waiting_.clear();
}

std::unique_ptr<PooledArena> ArenaPool::obtain(std::size_t reserve_bytes, std::size_t commit_bytes) {
    {
        const std::lock_guard lock(mutex_);
        ask_oldest();
        if (auto found = find(reserve_bytes, commit_bytes)) return found;
        drop_oldest();
    }
    // Without the lock: creating memory takes long.
    auto made = std::make_unique<PooledArena>(chunks_, reserve_bytes);
    made->arena.commit(commit_bytes);
    return made;
}

// The one with the least mapped. Of one that its last buffer had grown in, the chunks that are too many go first.
std::unique_ptr<PooledArena> ArenaPool::find(std::size_t reserve_bytes, std::size_t commit_bytes) noexcept {
    auto best = idle_.end();
    for (auto each = idle_.begin(); each != idle_.end(); ++each) {
        const Arena& arena = each->arena;
        if (arena.reserved_bytes() < reserve_bytes || arena.committed_bytes() < commit_bytes) continue;
        const std::size_t waste = arena.committed_after_decommit(commit_bytes) - commit_bytes;
        if (waste > commit_bytes / waste_part) continue;
        if (best == idle_.end() || arena.committed_bytes() < best->arena.committed_bytes()) best = each;
    }
    if (best == idle_.end()) return nullptr;
    std::unique_ptr<PooledArena> found(&*best);
    idle_.erase(best);
    idle_bytes_ -= found->arena.committed_bytes();
    found->arena.decommit(commit_bytes);
    return found;
}

void ArenaPool::retire(std::unique_ptr<PooledArena> arena, StreamOrder order) noexcept {
    Device& device = chunks_.device();
    StreamState state;
    const bool asked = order.names_stream() && device.stream_state(order.stream(), state).ok();
    arena->ordered = asked && !state.capturing && state.of_this_device &&
                     device.event_record(arena->event, order.stream()).ok();
    const std::lock_guard lock(mutex_);
    waiting_bytes_ += arena->arena.committed_bytes();
    if (!arena->ordered) unordered_bytes_ += arena->arena.committed_bytes();
    waiting_.push_back(*arena.release());
    ask_oldest();
    drop_oldest();
}

void ArenaPool::order_waiting() noexcept {
    const DeviceProperties& device = chunks_.device().properties();
    if (unordered_bytes_ == 0 || !device.device_events) return;
    if (device.unseen_captures && unordered_bytes_ <= device.total_bytes / unordered_divisor) return;
    for (PooledArena& arena : waiting_) {
        if (arena.ordered) continue;
        if (!arena.device.event_record_device(arena.event).ok()) return;
        arena.ordered = true;
        unordered_bytes_ -= arena.arena.committed_bytes();
    }
}

// Those that are still used go to the end, so that one that is used for long hides no others.
void ArenaPool::ask_oldest() noexcept {
    order_waiting();
    for (std::size_t asked = std::min(most_asked, waiting_.size()); asked > 0; --asked) {
        PooledArena& arena = waiting_.front();
        bool complete = false;
        if (arena.ordered) {
            report_teardown(arena.device.event_query(arena.event, complete),
                            "asking whether a retired arena is still used");
        }
        waiting_.pop_front();
        (complete ? idle_ : waiting_).push_back(arena);
        if (!complete) continue;
        waiting_bytes_ -= arena.arena.committed_bytes();
        idle_bytes_ += arena.arena.committed_bytes();
    }
}

void ArenaPool::drop_oldest() noexcept {
    for (std::size_t dropped = 0; dropped < most_dropped && idle_bytes_ > most_idle_bytes_; ++dropped) {
        const std::unique_ptr<PooledArena> oldest(&idle_.front());
        idle_.pop_front();
        idle_bytes_ -= oldest->arena.committed_bytes();
    }
}

// Takes what is idle out of the pool under the lock; it goes without it.
void ArenaPool::drop_idle() noexcept {
    Queue idle;
    {
        const std::lock_guard lock(mutex_);
        for (std::size_t left = waiting_.size(); left > 0; left -= std::min(left, most_asked)) ask_oldest();
        idle.swap(idle_);
        idle_bytes_ = 0;
    }
    idle.clear_and_dispose([](PooledArena* arena) { delete arena; });
}

// Without the lock: what waits is taken out meanwhile, and counted still.
void ArenaPool::drain(std::chrono::nanoseconds at_most) noexcept {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + at_most;
    const auto left = [end] { return std::max<std::chrono::nanoseconds>(end - Clock::now(), {}); };
    Queue idle;
    Queue waiting;
    {
        const std::lock_guard lock(mutex_);
        idle.swap(idle_);
        idle_bytes_ = 0;
        waiting.swap(waiting_);
    }
    idle.clear_and_dispose([](PooledArena* arena) { delete arena; });
    const bool ask_device = std::any_of(waiting.begin(), waiting.end(), [](const auto& arena) { return !arena.ordered; });
    bool all_done = false;
    if (ask_device) {
        const Status waited = chunks_.device().synchronize_within(left(), all_done);
        report_teardown(waited, "waiting for the device because retired arenas are to go");
        all_done = all_done && waited.ok();
    }
    for (auto each = waiting.begin(); each != waiting.end();) {
        PooledArena* const arena = &*each++;
        bool done = all_done;
        if (!done && arena->ordered) {
            const Status waited = arena->device.event_wait(arena->event, left(), done);
            report_teardown(waited, "waiting for the last use of a retired arena");
            done = done && waited.ok();
        }
        if (!done) continue;
        waiting.erase(waiting.iterator_to(*arena));
        {
            const std::lock_guard lock(mutex_);
            waiting_bytes_ -= arena->arena.committed_bytes();
            if (!arena->ordered) unordered_bytes_ -= arena->arena.committed_bytes();
        }
        delete arena;
    }
    const std::lock_guard lock(mutex_);
    waiting_.splice(waiting_.begin(), waiting);
}

std::size_t ArenaPool::retired_bytes() const {
    const std::lock_guard lock(mutex_);
    return waiting_bytes_ + idle_bytes_;
}

}  // namespace triune
