// SPDX-License-Identifier: Apache-2.0
// The library's mutex: its holder is known to make no call that waits.
#pragma once

#include <mutex>

#include <triune/detail/base/held_locks.hpp>

namespace triune {

// Goes with std::lock_guard and std::unique_lock. See Note [Nothing waits under a lock].
class Mutex {
  public:
    Mutex() = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    void lock() {
        mutex_.lock();
        HeldLocks::enter();
    }
    bool try_lock() {
        if (!mutex_.try_lock()) return false;
        HeldLocks::enter();
        return true;
    }
    void unlock() noexcept {
        mutex_.unlock();
        HeldLocks::leave();
    }

  private:
    std::mutex mutex_;
};

}  // namespace triune
