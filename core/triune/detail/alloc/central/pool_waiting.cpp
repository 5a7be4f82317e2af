// SPDX-License-Identifier: Apache-2.0
// What the pool does where the device has no memory left, and to give memory back: all its waits.
#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/detail/alloc/central/pool.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/base/environment.hpp>

namespace triune {

// The device has no memory left. What freed memory waits for is waited for, a little at a time; then what is free goes
// back to the device; at last the device itself is waited for.
Span* Pool::acquire_after_waiting(std::size_t bytes, StreamKey stream, ThreadCache* own, ThreadCache* cache,
                                  SpanStack& others) {
    const Clock::time_point end = Clock::now() + max_wait();
    order_everything(&stream);  // once: with one stream alone each try makes what is free stream-free again
    while (wait_for_an_event(end)) {
        if (Span* const span = acquire_with(Effort::grow, bytes, stream, own, cache, others)) return span;
    }
    for (bool waited_for_device = false;; waited_for_device = true) {
        const std::uint32_t ended = device_waits_ended_.load();
        const bool another_waits = device_waits_begun_.load() != ended;
        if (!device_.properties().virtual_memory) trim_heaps();
        try {
            return acquire_with(Effort::last, bytes, stream, own, cache, others);
        } catch (const out_of_memory& failure) {
            if (!waited_for_device) {
                wait_for_device(end);
                continue;
            }
            if (another_waits) {  // it has taken aside what may be missing
                device_waits_ended_.wait(ended);
                continue;
            }
            const std::size_t in_use = pending_bytes();
            if (in_use == 0) throw;
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(max_wait()).count();
            throw out_of_memory(std::string(failure.sentence()) + "; " + byte_text(in_use) +
                                " are freed, but work on the device may still use them after a wait of " +
                                std::to_string(seconds) + " s (TRIUNE_MEMORY_WAIT_SECONDS)");
        }
    }
}

std::chrono::nanoseconds Pool::max_wait() noexcept {
    static const environment::Number seconds("TRIUNE_MEMORY_WAIT_SECONDS", 10, std::numeric_limits<int>::max());
    return std::chrono::seconds(seconds.value());
}

// What is stream-free on `vouched`, and all else where that harms no capture.
void Pool::order_everything(const StreamKey* vouched) noexcept {
    const std::lock_guard lock(mutex_);
    if (vouched != nullptr) order_own(*vouched);
    if (!device_.properties().unseen_captures && pending_.stream_free_bytes_except(nullptr) > 0) order_all_but(nullptr);
}

// Waits until more of what is freed can serve; false where nothing is left to wait for, or at the end of the time.
bool Pool::wait_for_an_event(Clock::time_point end) noexcept {
    constexpr std::chrono::nanoseconds at_a_time = std::chrono::milliseconds(1);
    for (;;) {
        PendingFrees::Events events;
        {
            const std::lock_guard lock(mutex_);
            const std::size_t before = pending_.bytes();
            pending_.collect();
            if (pending_.bytes() < before) return true;
            events = pending_.pending_events();
        }
        for (std::size_t i = 0; i < events.count; ++i) {
            const std::chrono::nanoseconds left = end - Clock::now();
            if (left.count() <= 0) return false;
            bool complete = false;
            const Status status = device_.event_wait(events.events[i], std::min(left, at_a_time), complete);
            report_teardown(status, "waiting for freed memory");
            if (!status.ok()) return false;
        }
        if (events.count == 0) return false;
    }
}

// For what no event orders, and for the places of aliases.
void Pool::wait_for_device(Clock::time_point end) noexcept {
    device_waits_begun_.fetch_add(1);
    FreeBatch* batch = nullptr;
    std::array<std::uint64_t, heap_count> times{};
    {
        const std::lock_guard lock(mutex_);
        batch = pending_.begin_wait();
        for (PageHeap& heap : heaps_) times[heap.kind()] = heap.drop_aliases();
    }
    bool complete = false;
    const std::chrono::nanoseconds left = std::max<std::chrono::nanoseconds>(end - Clock::now(), {});
    const Status status = device_.synchronize_within(left, complete);
    report_teardown(status, "waiting for the device because it has no memory left");
    complete = complete && status.ok();
    {
        const std::lock_guard lock(mutex_);
        pending_.finish_wait(batch, complete);
        pending_.collect();
        for (PageHeap& heap : heaps_) {
            if (complete) heap.waited_for(times[heap.kind()]);
        }
    }
    device_waits_ended_.fetch_add(1);
    device_waits_ended_.notify_all();
}

std::size_t Pool::pending_bytes() const noexcept {
    const std::lock_guard lock(mutex_);
    return pending_.bytes();
}

std::size_t Pool::trim() noexcept {
    flush_caches();
    return trim_heaps();
}

std::size_t Pool::trim_all() noexcept {
    flush_caches();
    const Clock::time_point end = Clock::now() + max_wait();
    order_everything(nullptr);
    while (wait_for_an_event(end)) {
    }
    wait_for_device(end);
    return trim_heaps();
}

std::size_t Pool::trim_heaps() noexcept {
    std::size_t bytes = 0;
    std::vector<std::unique_ptr<Segment>> plain;  // released without the lock, because that waits
    {
        const std::lock_guard lock(mutex_);
        if (!device_.properties().unseen_captures) order_all_but(nullptr);
        pending_.collect();
        for (PageHeap& heap : heaps_) bytes += heap.trim(plain);
    }
    for (const auto& segment : plain) PageHeap::release_plain(device_, *segment);
    return bytes;
}

}  // namespace triune
