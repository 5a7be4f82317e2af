// SPDX-License-Identifier: Apache-2.0
// Holds a flag for a few instructions.
#pragma once

#include <atomic>
#include <thread>

namespace triune {

// For what is held so briefly, and wanted by two threads so seldom, that waiting without the system is cheapest.
class SpinLock {
  public:
    explicit SpinLock(std::atomic_flag& flag) noexcept : flag_(flag) { lock(flag_); }
    SpinLock(const SpinLock&) = delete;
    SpinLock& operator=(const SpinLock&) = delete;
    ~SpinLock() { unlock(flag_); }

    static void lock(std::atomic_flag& flag) noexcept {
        while (flag.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    }
    static void unlock(std::atomic_flag& flag) noexcept { flag.clear(std::memory_order_release); }

  private:
    std::atomic_flag& flag_;
};

}  // namespace triune
