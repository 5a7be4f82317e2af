// SPDX-License-Identifier: Apache-2.0
// A mutex that one thread takes all the time and others seldom.
#pragma once

#include <atomic>

namespace triune {

// Note [Owner's mutex]
// Whoever takes a mutex must have announced it before looking whether somebody else has. That order costs a processor
// some 20 cycles each time, even where nobody else ever comes. So here the owner pays nothing: it announces by a plain
// store, and the others, after announcing themselves, have the system put a barrier into every running thread
// (membarrier(2), a few microseconds). Either the owner then sees their announcement or they see the owner's. Where the
// system has no such call, the owner pays after all.
//
// Who is the owner may change, if what tells the new one is ordered after the old one's last use.
class OwnerMutex {
  public:
    OwnerMutex() noexcept;  // the others pay, where the system can make them
    explicit OwnerMutex(bool owner_pays) noexcept : owner_pays_(owner_pays) {}
    OwnerMutex(const OwnerMutex&) = delete;
    OwnerMutex& operator=(const OwnerMutex&) = delete;
    ~OwnerMutex() = default;

    bool owner_pays() const noexcept { return owner_pays_; }

    void lock_as_owner() noexcept {
        announce();
        while (wanted_.test(std::memory_order_seq_cst)) give_way();
    }
    void unlock_as_owner() noexcept { held_.store(false, std::memory_order_release); }

    void lock_as_other() noexcept;
    void unlock_as_other() noexcept { wanted_.clear(std::memory_order_release); }

  private:
    void announce() noexcept {
        if (owner_pays_) return held_.store(true, std::memory_order_seq_cst);
        held_.store(true, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);  // the compiler keeps the order at least
    }
    void give_way() noexcept;

    std::atomic<bool> held_{false};
    std::atomic_flag wanted_ = ATOMIC_FLAG_INIT;
    const bool owner_pays_;
};

class OwnerLock {
  public:
    explicit OwnerLock(OwnerMutex& mutex) noexcept : mutex_(mutex) { mutex_.lock_as_owner(); }
    OwnerLock(const OwnerLock&) = delete;
    OwnerLock& operator=(const OwnerLock&) = delete;
    ~OwnerLock() { mutex_.unlock_as_owner(); }

  private:
    OwnerMutex& mutex_;
};

// For every thread, the owner too.
class OtherLock {
  public:
    explicit OtherLock(OwnerMutex& mutex) noexcept : mutex_(mutex) { mutex_.lock_as_other(); }
    OtherLock(const OtherLock&) = delete;
    OtherLock& operator=(const OtherLock&) = delete;
    ~OtherLock() { mutex_.unlock_as_other(); }

  private:
    OwnerMutex& mutex_;
};

}  // namespace triune
