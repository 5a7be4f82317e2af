// SPDX-License-Identifier: Apache-2.0
// What the pool does where the device has no memory left, and to give memory back: all its waits.
#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <triune/alloc/central/pool.hpp>
#include <triune/base/error.hpp>
#include <triune/base/memory_watch.hpp>

namespace triune {

// The device has no memory left. What freed memory waits for is waited for, a little at a time; then what is idle goes
// back to the device; at last the device itself is waited for.
Range* Pool::take_waiting(std::size_t bytes, StreamKey stream, ThreadCache* own, ThreadCache* cache,
                          RangeStack& others) {
    const Clock::time_point end = Clock::now() + max_wait();
    order_everything(&stream);  // once: with one stream alone each try makes what is idle loose again
    while (wait_for_an_event(end)) {
        if (Range* const range = take_with(Effort::grow, bytes, stream, own, cache, others)) return range;
    }
    for (bool waited_for_device = false;; waited_for_device = true) {
        const std::uint32_t ended = device_waits_ended_.load();
        const bool another_waits = device_waits_begun_.load() != ended;
        if (!device_.properties().virtual_memory) give_back();
        try {
            return take_with(Effort::last, bytes, stream, own, cache, others);
        } catch (const out_of_memory& failure) {
            if (!waited_for_device) {
                wait_for_device(end);
                continue;
            }
            if (another_waits) {  // it has taken aside what may be missing
                device_waits_ended_.wait(ended);
                continue;
            }
            const std::size_t in_use = waiting_bytes();
            if (in_use == 0) throw;
            const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(max_wait()).count();
            throw out_of_memory(std::string(failure.what()) + "; " + std::to_string(in_use) +
                                " bytes are freed, but work on the device may still use them after a wait of " +
                                std::to_string(seconds) + " s (TRIUNE_MEMORY_WAIT_SECONDS)");
        }
    }
}

std::chrono::nanoseconds Pool::max_wait() noexcept {
    static const std::chrono::nanoseconds limit = [] {
        const char* const text = std::getenv("TRIUNE_MEMORY_WAIT_SECONDS");
        const std::string_view digits = text == nullptr ? "" : text;
        int seconds = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
        const bool good = read.ec == std::errc{} && read.ptr == digits.data() + digits.size() && seconds >= 0;
        return std::chrono::seconds(good ? seconds : 10);
    }();
    return limit;
}

// What is loose on `vouched`, and all else where that harms no capture.
void Pool::order_everything(const StreamKey* vouched) noexcept {
    const std::lock_guard lock(mutex_);
    if (vouched != nullptr) order_own(*vouched);
    if (!device_.properties().unseen_captures && waiting_.loose_bytes_but(nullptr) > 0) order_all_but(nullptr);
}

// Waits until more of what is freed can serve; false where nothing is left to wait for, or at the end of the time.
bool Pool::wait_for_an_event(Clock::time_point end) noexcept {
    constexpr std::chrono::nanoseconds at_a_time = std::chrono::milliseconds(1);
    for (;;) {
        WaitingRanges::Events events;
        {
            const std::lock_guard lock(mutex_);
            const std::size_t before = waiting_.bytes();
            waiting_.collect();
            if (waiting_.bytes() < before) return true;
            events = waiting_.pending_events();
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

// For what no event orders, and for the places of views.
void Pool::wait_for_device(Clock::time_point end) noexcept {
    device_waits_begun_.fetch_add(1);
    FreeBatch* batch = nullptr;
    std::array<std::uint64_t, zone_count> times{};
    {
        const std::lock_guard lock(mutex_);
        batch = waiting_.begin_wait();
        for (PoolMemory& memory : memory_) times[memory.zone()] = memory.drop_views();
    }
    bool complete = false;
    const std::chrono::nanoseconds left = std::max<std::chrono::nanoseconds>(end - Clock::now(), {});
    const Status status = device_.synchronize_within(left, complete);
    report_teardown(status, "waiting for the device because it has no memory left");
    complete = complete && status.ok();
    {
        const std::lock_guard lock(mutex_);
        waiting_.settle_waited(batch, complete);
        waiting_.collect();
        for (PoolMemory& memory : memory_) {
            if (complete) memory.waited_for(times[memory.zone()]);
        }
    }
    device_waits_ended_.fetch_add(1);
    device_waits_ended_.notify_all();
}

std::size_t Pool::waiting_bytes() const noexcept {
    const std::lock_guard lock(mutex_);
    return waiting_.bytes();
}

std::size_t Pool::trim() noexcept {
    flush_caches();
    return give_back();
}

std::size_t Pool::trim_all() noexcept {
    flush_caches();
    const Clock::time_point end = Clock::now() + max_wait();
    order_everything(nullptr);
    while (wait_for_an_event(end)) {
    }
    wait_for_device(end);
    return give_back();
}

std::size_t Pool::give_back() noexcept {
    std::size_t bytes = 0;
    std::vector<std::unique_ptr<Slab>> plain;  // released without the lock, because that waits
    {
        const std::lock_guard lock(mutex_);
        if (!device_.properties().unseen_captures) order_all_but(nullptr);
        waiting_.collect();
        for (PoolMemory& memory : memory_) bytes += memory.give_back(plain);
    }
    for (const auto& slab : plain) {
        if (const MemoryWatch* const watch = memory_watch()) watch->pool_gives_back(slab->data);
        report_teardown(device_.memory_release(slab->data), "trimming the pool");
    }
    return bytes;
}

}  // namespace triune
