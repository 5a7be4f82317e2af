// SPDX-License-Identifier: Apache-2.0
// A mutex that knows who holds it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace triune {

// One word: the number of the thread that has it, and whether others wait. There are as many as buffers.
class CallLock {
  public:
    CallLock() noexcept = default;
    CallLock(const CallLock&) = delete;
    CallLock& operator=(const CallLock&) = delete;

    // `name()` is for the error of a thread that has it already, and of a child of a fork where another thread had it:
    // invalid_argument.
    template <typename Name>
    void lock(Name&& name) {
        if (!try_acquire()) lock_contended(name());
    }
    template <typename Name>
    bool try_lock(Name&& name) {
        if (try_acquire()) return true;
        if (held_here()) refuse(name());
        return false;
    }
    void unlock() noexcept {
        if ((word_.exchange(0, std::memory_order_release) & waiting) != 0) word_.notify_one();
    }
    bool held_here() const noexcept;
    // Whether the thread that has it did not come along when this process was forked: nobody will ever unlock it.
    bool left_behind() const noexcept;

  private:
    static constexpr std::uint32_t waiting = std::uint32_t{1} << 31;

    bool try_acquire() noexcept;
    void lock_contended(const std::string& name);
    [[noreturn]] void refuse(const std::string& name) const;

    std::atomic<std::uint32_t> word_{0};
};

// Held for one call on a buffer or a group, and by a growth from its preparation to its commit. A thread that comes
// back to what it holds, as a failure hook may, gets invalid_argument in place of a deadlock.
class CallMutex {
  public:
    // `name` is for messages, and outlives this.
    explicit CallMutex(const std::string& name) noexcept : name_(name) {}

    void lock() {
        lock_.lock([&]() -> const std::string& { return name_; });
    }
    bool try_lock() {
        return lock_.try_lock([&]() -> const std::string& { return name_; });
    }
    void unlock() noexcept { lock_.unlock(); }
    bool held_here() const noexcept { return lock_.held_here(); }

  private:
    const std::string& name_;
    CallLock lock_;
};

}  // namespace triune
