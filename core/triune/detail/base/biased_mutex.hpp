// SPDX-License-Identifier: Apache-2.0
// A mutex that is biased towards one thread: its owner takes it all the time, others seldom revoke it.
#pragma once

#include <atomic>
#include <cstdint>

namespace triune {

// Note [Biased mutex]
// Rationale. A thread that takes a mutex must announce itself before it looks for others. A processor may delay that
// store until after the look, unless a barrier stands between the two, and a barrier costs some 20 cycles each time.
//
// Approach. The owner pays nothing: it announces itself with a plain store. A revoker announces itself too, and then
// has the system put a barrier into every running thread (membarrier(2), a few microseconds). After that either the
// owner sees the revoker's announcement, or the revoker sees the owner's.
//
// Without the call. The system may lack it, or refuse it later: a filter for system calls that is installed after the
// start, for instance in a forked child. Then a revoker removes the bias of this mutex, once and for good:
//   1. It sets `unbiased` in the word that the owner looks at after its plain store.
//   2. It waits until every store that was made before step 1 has arrived: see `stores_arrive_within`.
// An owner that looked before step 1 has made its store before, so the revoker sees it after step 2. An owner that
// looks later sees `unbiased`, and announces itself once more with a barrier of its own, each time from then on. It
// does not matter where the owner was stopped in between, or for how long. Later revokers need no barrier.
//
// Limitation. Step 2 relies on time: no store stays in a processor's buffer for that long.
//
// Another thread may become the owner, if it synchronizes with the old owner's last use. The owner may take the mutex
// as a revoker too. Neither side is recursive.
class BiasedMutex {
  public:
    BiasedMutex() noexcept;  // biased, where the system has the barrier
    explicit BiasedMutex(bool biased) noexcept : word_(biased ? 0 : unbiased) {}
    BiasedMutex(const BiasedMutex&) = delete;
    BiasedMutex& operator=(const BiasedMutex&) = delete;
    ~BiasedMutex() = default;

    bool biased() const noexcept { return (word_.load(std::memory_order_relaxed) & unbiased) == 0; }

    void lock_as_owner() noexcept {
        announce();
        if (word_.load(std::memory_order_acquire) != 0) lock_as_owner_slowly();
    }
    void unlock_as_owner() noexcept { held_.store(false, std::memory_order_release); }

    void lock_as_revoker() noexcept;
    // The same of many, for the price of one barrier, or of none where no other thread owns one of them. `each` calls
    // what it is given with every mutex, always in the same order.
    template <typename Each>
    static void lock_all_as_revoker(bool others_own, Each&& each) noexcept {
        bool biased = false;
        each([&](BiasedMutex& mutex) {
            mutex.announce_revoker();
            biased = biased || mutex.biased();
        });
        if (biased && others_own && !barrier_in_every_thread()) {
            each([](BiasedMutex& mutex) { mutex.mark_unbiased(); });
            wait_for_stores();
        }
        each([](BiasedMutex& mutex) { mutex.wait_for_owner(); });
    }
    void unlock_as_revoker() noexcept { word_.fetch_and(unbiased, std::memory_order_release); }

  private:
    static constexpr std::uint8_t wanted = 1;    // by a revoker, or held by it
    static constexpr std::uint8_t unbiased = 2;  // never cleared

    void announce() noexcept {
        held_.store(true, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);  // the compiler keeps the order at least
    }
    void lock_as_owner_slowly() noexcept;
    void announce_revoker() noexcept;
    // False where the system refuses.
    static bool barrier_in_every_thread() noexcept;
    // By the revoker that has `wanted`. Relaxed serves: the wait orders.
    void mark_unbiased() noexcept { word_.fetch_or(unbiased, std::memory_order_relaxed); }
    static void wait_for_stores() noexcept;
    void wait_for_owner() const noexcept;

    std::atomic<bool> held_{false};  // by the owner
    std::atomic<std::uint8_t> word_;
};

class OwnerLock {
  public:
    explicit OwnerLock(BiasedMutex& mutex) noexcept : mutex_(mutex) { mutex_.lock_as_owner(); }
    OwnerLock(const OwnerLock&) = delete;
    OwnerLock& operator=(const OwnerLock&) = delete;
    ~OwnerLock() { mutex_.unlock_as_owner(); }

  private:
    BiasedMutex& mutex_;
};

// For every thread, the owner too.
class RevokerLock {
  public:
    explicit RevokerLock(BiasedMutex& mutex) noexcept : mutex_(mutex) { mutex_.lock_as_revoker(); }
    RevokerLock(const RevokerLock&) = delete;
    RevokerLock& operator=(const RevokerLock&) = delete;
    ~RevokerLock() { mutex_.unlock_as_revoker(); }

  private:
    BiasedMutex& mutex_;
};

}  // namespace triune
