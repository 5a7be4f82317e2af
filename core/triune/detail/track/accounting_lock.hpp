// SPDX-License-Identifier: Apache-2.0
// The lock around a manager's registry.
#pragma once

#include <atomic>

namespace triune {

// Held for some tens of nanoseconds, and for longer only while a list is copied. So it costs one atomic exchange and a
// plain store, where a mutex makes two calls and two exchanges; whoever finds it taken spins a little, yields, and then
// sleeps a few microseconds at a time. Not fair, not recursive. Thread-safe; goes well with std::lock_guard.
class AccountingLock {
  public:
    void lock() noexcept {
        if (held_.exchange(true, std::memory_order_acquire)) wait();
    }
    void unlock() noexcept { held_.store(false, std::memory_order_release); }

  private:
    void wait() noexcept;

    std::atomic<bool> held_{false};
};

}  // namespace triune
