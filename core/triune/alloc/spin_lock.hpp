// SPDX-License-Identifier: Apache-2.0
// Holds a flag for a few instructions.
#pragma once

#include <atomic>
#include <thread>

namespace triune {

// For what is held so briefly, and wanted by two threads so seldom, that waiting without the system is cheapest.
class SpinLock {
  public:
    explicit SpinLock(std::atomic_flag& flag) noexcept : flag_(flag) {
        while (flag_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
    }
    SpinLock(const SpinLock&) = delete;
    SpinLock& operator=(const SpinLock&) = delete;
    ~SpinLock() { flag_.clear(std::memory_order_release); }

  private:
    std::atomic_flag& flag_;
};

}  // namespace triune
