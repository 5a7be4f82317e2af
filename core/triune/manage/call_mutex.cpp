// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/call_mutex.hpp>

#include <triune/base/error.hpp>
#include <triune/base/fork_guard.hpp>

namespace triune {

namespace {

// Of threads, from 1; given out at a thread's first lock. 2^31 are told apart.
constinit thread_local std::uint32_t thread_number = 0;
constinit std::atomic<std::uint32_t> last_number{0};

// Of the threads that did not come along into this process the highest number. See Note [Forks].
class LeftBehind {
  public:
    bool has(std::uint32_t number) const noexcept {
        return number != thread_number && number <= highest_.load(std::memory_order_relaxed);
    }

  private:
    friend class triune::ForkGuard;
    void lock_for_fork() noexcept {}
    void unlock_after_fork() noexcept {
        if (ForkGuard::in_child())
            highest_.store(last_number.load(std::memory_order_relaxed), std::memory_order_relaxed);
    }

    std::atomic<std::uint32_t> highest_{0};
    ForkGuard fork_guard_{ForkGuard::Rank::thread_end, *this};
};
LeftBehind threads_left_behind;

std::uint32_t new_thread_number() noexcept {
    std::uint32_t number = 0;
    while (number == 0) number = (last_number.fetch_add(1, std::memory_order_relaxed) + 1) & 0x7FFFFFFF;
    return number;
}

std::uint32_t this_thread_number() noexcept {
    return thread_number != 0 ? thread_number : thread_number = new_thread_number();
}

}  // namespace

bool CallLock::take() noexcept {
    std::uint32_t nobody = 0;
    return word_.compare_exchange_strong(nobody, this_thread_number(), std::memory_order_acquire,
                                         std::memory_order_relaxed);
}

// Relaxed serves: only this thread writes its own number.
bool CallLock::held_here() const noexcept {
    return (word_.load(std::memory_order_relaxed) & ~waiting) == this_thread_number();
}

bool CallLock::left_behind() const noexcept {
    const std::uint32_t holder = word_.load(std::memory_order_relaxed) & ~waiting;
    return holder != 0 && threads_left_behind.has(holder);
}

void CallLock::refuse(const std::string& name) const {
    if (held_here()) throw invalid_argument("'" + name + "' is growing: its growth's own thread cannot use it");
    throw invalid_argument("'" + name +
                           "' was in use by another thread when this process was forked: it is its parent's");
}

// Whoever gets it after waiting says that others may wait still: at worst one wakes nobody.
void CallLock::lock_taken(const std::string& name) {
    if (held_here() || left_behind()) refuse(name);
    for (std::uint32_t seen = word_.load(std::memory_order_relaxed);;) {
        if (seen == 0) {
            if (word_.compare_exchange_weak(seen, this_thread_number() | waiting, std::memory_order_acquire,
                                            std::memory_order_relaxed)) {
                return;
            }
        } else if ((seen & waiting) != 0 ||
                   word_.compare_exchange_weak(seen, seen | waiting, std::memory_order_relaxed)) {
            word_.wait(seen | waiting, std::memory_order_relaxed);
            seen = word_.load(std::memory_order_relaxed);
        }
    }
}

}  // namespace triune
