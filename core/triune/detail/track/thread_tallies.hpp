// SPDX-License-Identifier: Apache-2.0
// What the threads that use a manager count, each by itself.
#pragma once

#include <atomic>
#include <cstddef>
#include <limits>

#include <triune/detail/base/biased_mutex.hpp>
#include <triune/detail/base/thread_owned.hpp>
#include <triune/detail/track/level.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

// Of one thread, under its lock. See TallyLock.
struct alignas(64) ThreadTally {
    ThreadTally() noexcept = default;
    explicit ThreadTally(bool is_shared) noexcept : mutex(!is_shared), shared(is_shared) {}

    BiasedMutex mutex;
    const bool shared = false;           // of all threads that have none of their own
    std::atomic<std::size_t> credit{0};  // of a limit: reserved by this thread, and not used. Read by anybody.
    Level bytes;                         // allocated less freed
    std::size_t allocations = 0;
    std::size_t resizes = 0;
    std::size_t frees = 0;
    std::size_t transfers = 0;
};

// Held by the thread that the tally is of, for some plain stores.
class TallyLock {
  public:
    explicit TallyLock(ThreadTally& tally) noexcept : tally_(tally) {
        tally_.shared ? tally_.mutex.lock_as_revoker() : tally_.mutex.lock_as_owner();
    }
    TallyLock(const TallyLock&) = delete;
    TallyLock& operator=(const TallyLock&) = delete;
    ~TallyLock() { tally_.shared ? tally_.mutex.unlock_as_revoker() : tally_.mutex.unlock_as_owner(); }

  private:
    ThreadTally& tally_;
};

// Note [Counting by threads]
// One counter for all threads is a line of memory that travels from core to core with every call: sixteen threads were
// ten times slower than one. So each thread has a tally of its own, which it alone writes, and whoever asks adds them
// up. The price is paid by those who ask for figures of one moment: they revoke every thread's lock, with one barrier in
// all of them together (a few microseconds). The total alone is read without a lock.
//
// Thread-safe. Totals are exact whenever nobody is in a call. For the peak see Note [Peaks of parts]: with a limit it is
// never above what the limit had given out. Where it must be exact, all threads count in one tally, and wait for each
// other.
class ThreadTallies {
  public:
    ThreadTallies() = default;
    ThreadTallies(const ThreadTallies&) = delete;
    ThreadTallies& operator=(const ThreadTallies&) = delete;

    // The calling thread's own; the shared one where it can have none. Not under a lock of the registry: it may have to
    // be made.
    ThreadTally& own() noexcept {
        ThreadTally* const mine = threads_.own();
        return mine != nullptr ? *mine : shared_;
    }
    ThreadTally& shared() noexcept { return shared_; }
    // Where a thread whose tally is `mine` counts bytes.
    ThreadTally& counting(ThreadTally& mine) noexcept {
        return exact_.load(std::memory_order_relaxed) ? shared_ : mine;
    }
    ThreadTally& counting() noexcept { return exact_.load(std::memory_order_relaxed) ? shared_ : own(); }

    // How far a level may rise before all are added up.
    std::size_t step() const noexcept { return step_; }
    // For a limit, before anybody counts: its step, and that it will raise the ceiling.
    void begin_limit(std::size_t step_bytes) noexcept {
        step_ = step_bytes;
        ceiling_.begin(0);
    }
    // The total may have stood as high, but no higher: so no peak is told that the limit does not allow.
    void raise_ceiling(std::size_t bytes) noexcept { ceiling_.note(bytes); }

    // Without a lock.
    std::size_t total_bytes() const noexcept;
    // By who holds the lock of `tally`.
    void raise(ThreadTally& tally, std::size_t bytes) noexcept {
        if (tally.bytes.raise(bytes, step_)) add_up(tally);
    }
    void lower(ThreadTally& tally, std::size_t bytes) noexcept {
        if (tally.bytes.leaves_what_was_added(bytes)) add_up(tally);
        tally.bytes.lower(bytes, step_);
    }

    // Calls visit(tally) for each, without a lock.
    template <typename Visit>
    void for_each(Visit&& visit) {
        threads_.for_each(visit);
        visit(shared_);
    }
    template <typename Visit>
    void for_each(Visit&& visit) const {
        threads_.for_each([&](const ThreadTally& each) { visit(each); });
        visit(shared_);
    }

    // --- under the locks of all: nobody counts meanwhile
    void lock_all() noexcept;
    void unlock_all() noexcept;
    // All but buffer_count.
    void read(MemoryFigures& figures) noexcept;
    void reset_peak() noexcept;
    void set_exact(bool on) noexcept;

  private:
    void add_up(ThreadTally& tally) noexcept;

    ThreadOwned<ThreadTally> threads_;
    ThreadTally shared_{true};
    std::atomic<bool> exact_{false};
    std::size_t step_ = 0;
    Highest peak_;
    Highest ceiling_{std::numeric_limits<std::size_t>::max()};
};

}  // namespace triune
