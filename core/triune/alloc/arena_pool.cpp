#include <triune/alloc/arena_pool.hpp>

#include <algorithm>
#include <iterator>

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
    Status recorded{cuda_error::not_supported, "event_record_device"};
    if (order.names_stream()) recorded = device.event_record(arena->event, order.stream());
    if (!recorded.ok() && device.properties().device_events) recorded = device.event_record_device(arena->event);
    if (!recorded.ok()) {
        const Status waited = device.synchronize();
        report_teardown(waited, "waiting for the device because an arena's release could not be ordered");
        // Without an answer from the device nobody may unmap: the addresses are given up instead.
        if (!waited.ok()) static_cast<void>(arena.release());
        return;
    }
    const std::lock_guard lock(mutex_);
    waiting_bytes_ += arena->arena.committed_bytes();
    waiting_.push_back(*arena.release());
    ask_oldest();
    drop_oldest();
}

// Those that are still used go to the end, so that one that is used for long hides no others.
void ArenaPool::ask_oldest() noexcept {
    for (std::size_t asked = std::min(most_asked, waiting_.size()); asked > 0; --asked) {
        PooledArena& arena = waiting_.front();
        bool complete = false;
        report_teardown(arena.device.event_query(arena.event, complete),
                        "asking whether a retired arena is still used");
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

void ArenaPool::drop_idle() noexcept {
    const std::lock_guard lock(mutex_);
    for (std::size_t left = waiting_.size(); left > 0; left -= std::min(left, most_asked)) ask_oldest();
    idle_.clear_and_dispose([](PooledArena* arena) { delete arena; });
    idle_bytes_ = 0;
}

void ArenaPool::drain() noexcept {
    const std::lock_guard lock(mutex_);
    idle_.clear_and_dispose([](PooledArena* arena) { delete arena; });
    idle_bytes_ = 0;
    for (auto each = waiting_.begin(); each != waiting_.end();) {
        const Status waited = each->device.event_synchronize(each->event);
        report_teardown(waited, "waiting for the last use of a retired arena");
        PooledArena* arena = &*each;
        each = waited.ok() ? waiting_.erase(each) : std::next(each);
        if (!waited.ok()) continue;
        waiting_bytes_ -= arena->arena.committed_bytes();
        delete arena;
    }
}

std::size_t ArenaPool::retired_bytes() const {
    const std::lock_guard lock(mutex_);
    return waiting_bytes_ + idle_bytes_;
}

}  // namespace triune
