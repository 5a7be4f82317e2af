// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/thread_number.hpp>

#include <atomic>

#include <triune/detail/base/fork_guard.hpp>

namespace triune {

namespace detail {

constinit thread_local std::uint32_t thread_number = 0;

}  // namespace detail

namespace {

constinit std::atomic<std::uint32_t> last_number{0};

// Of the threads that did not come along into this process the highest number.
class LeftBehind {
  public:
    bool has(std::uint32_t number) const noexcept {
        return number != detail::thread_number && number <= highest_.load(std::memory_order_relaxed);
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

}  // namespace

std::uint32_t detail::new_thread_number() noexcept {
    std::uint32_t number = 0;
    while (number == 0) number = (last_number.fetch_add(1, std::memory_order_relaxed) + 1) & 0x7FFFFFFF;
    return thread_number = number;
}

bool thread_left_behind(std::uint32_t number) noexcept { return threads_left_behind.has(number); }

}  // namespace triune
