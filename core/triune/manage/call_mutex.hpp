// A mutex that knows who holds it.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

#include <triune/base/error.hpp>

namespace triune {

// Held for one call on a buffer or a group, and by a growth from its preparation to its commit. A thread that comes
// back to what it holds, as a failure hook may, gets invalid_argument in place of a deadlock.
class CallMutex {
  public:
    // `name` is for messages, and outlives this.
    explicit CallMutex(const std::string& name) noexcept : name_(name) {}
    CallMutex(const CallMutex&) = delete;
    CallMutex& operator=(const CallMutex&) = delete;

    void lock() {
        refuse_holder();
        mutex_.lock();
        holder_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    }
    bool try_lock() {
        refuse_holder();
        const bool locked = mutex_.try_lock();
        if (locked) holder_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        return locked;
    }
    void unlock() noexcept {
        holder_.store({}, std::memory_order_relaxed);
        mutex_.unlock();
    }
    // Relaxed serves: only this thread writes its own id.
    bool held_here() const noexcept { return holder_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

  private:
    void refuse_holder() const {
        if (held_here()) throw invalid_argument("'" + name_ + "' is growing: its growth's own thread cannot use it");
    }

    const std::string& name_;
    std::mutex mutex_;
    std::atomic<std::thread::id> holder_;
};

}  // namespace triune
