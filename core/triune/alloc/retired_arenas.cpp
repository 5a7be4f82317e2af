#include <triune/alloc/retired_arenas.hpp>

#include <iterator>

#include <triune/base/error.hpp>

namespace triune {

RetirableArena::RetirableArena(ChunkPool& chunks, std::size_t reserve_bytes)
    : device(chunks.device()), arena(chunks, reserve_bytes) {
    check(device.event_create(event), "creating an arena's event");
}

RetirableArena::~RetirableArena() {
    if (event != nullptr) report_teardown(device.event_destroy(event), "destroying an arena's event");
}

// What the device did not answer the first time is asked for once more. Without an answer nobody may unmap: the
// addresses are given up then.
RetiredArenas::~RetiredArenas() {
    drain();
    drain();
    queue_.clear();
}

void RetiredArenas::retire(std::unique_ptr<RetirableArena> arena, StreamOrder order) noexcept {
    Status recorded{cuda_error::not_supported, "event_record_device"};
    if (order.names_stream()) recorded = device_.event_record(arena->event, order.stream());
    if (!recorded.ok() && device_.properties().device_events) recorded = device_.event_record_device(arena->event);
    if (!recorded.ok()) {
        const Status waited = device_.synchronize();
        report_teardown(waited, "waiting for the device because an arena's release could not be ordered");
        // Without an answer from the device nobody may unmap: the addresses are given up instead.
        if (!waited.ok()) static_cast<void>(arena.release());
        return;
    }
    const std::lock_guard lock(mutex_);
    queue_.push_back(*arena.release());
}

void RetiredArenas::collect() noexcept {
    const std::lock_guard lock(mutex_);
    for (auto each = queue_.begin(); each != queue_.end();) {
        bool complete = false;
        report_teardown(device_.event_query(each->event, complete), "asking whether a retired arena is still used");
        RetirableArena* arena = &*each;
        each = complete ? queue_.erase(each) : std::next(each);
        if (complete) delete arena;
    }
}

void RetiredArenas::drain() noexcept {
    const std::lock_guard lock(mutex_);
    for (auto each = queue_.begin(); each != queue_.end();) {
        const Status waited = device_.event_synchronize(each->event);
        report_teardown(waited, "waiting for the last use of a retired arena");
        RetirableArena* arena = &*each;
        each = waited.ok() ? queue_.erase(each) : std::next(each);
        if (waited.ok()) delete arena;
    }
}

}  // namespace triune
