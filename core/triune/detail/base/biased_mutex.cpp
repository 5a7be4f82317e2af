// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/biased_mutex.hpp>

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <thread>

namespace triune {
namespace {

// A store leaves a processor within microseconds. This time is a thousand times as long, and holds two ticks of the
// slowest usual timer (100 a second): the return from its interrupt lets no store wait, where a program computes on.
constexpr std::chrono::milliseconds stores_arrive_within{20};

bool membarrier(int command) noexcept { return ::syscall(SYS_membarrier, command, 0U, 0) == 0; }

bool register_process() noexcept { return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); }

// False once the system has refused a barrier. That is for good: a filter is never taken off.
std::atomic<bool>& system_has_barriers() noexcept {
    static std::atomic<bool> has{register_process()};
    return has;
}

// While the program is loaded, because the system takes tens of milliseconds once there are several threads.
[[maybe_unused]] const bool registered_early = system_has_barriers();

}  // namespace

// A process forked from one that is registered may not be.
bool BiasedMutex::barrier_in_every_thread() noexcept {
    if (!system_has_barriers().load(std::memory_order_relaxed)) return false;
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return true;
        if (!register_process()) break;
    }
    system_has_barriers().store(false, std::memory_order_relaxed);
    return false;
}

BiasedMutex::BiasedMutex() noexcept : BiasedMutex(system_has_barriers().load(std::memory_order_relaxed)) {}

// After a plain announcement, which nobody may have seen yet. Without bias that is not enough: the owner announces
// itself once more, with a barrier.
void BiasedMutex::lock_as_owner_slowly() noexcept {
    for (;;) {
        std::uint8_t word = word_.load(std::memory_order_acquire);
        if ((word & unbiased) != 0) {
            held_.store(true, std::memory_order_seq_cst);
            word = word_.load(std::memory_order_seq_cst);
        }
        if ((word & wanted) == 0) return;
        unlock_as_owner();
        while ((word_.load(std::memory_order_relaxed) & wanted) != 0) std::this_thread::yield();
        announce();
    }
}

void BiasedMutex::lock_as_revoker() noexcept {
    announce_revoker();
    if (biased() && !barrier_in_every_thread()) {
        mark_unbiased();
        wait_for_stores();
    }
    wait_for_owner();
}

void BiasedMutex::announce_revoker() noexcept {
    while ((word_.fetch_or(wanted, std::memory_order_seq_cst) & wanted) != 0) std::this_thread::yield();
}

void BiasedMutex::wait_for_owner() const noexcept {
    while (held_.load(std::memory_order_seq_cst)) std::this_thread::yield();
}

// The clock decides, since a filter may refuse sleep as well.
void BiasedMutex::wait_for_stores() noexcept {
    const auto arrived = std::chrono::steady_clock::now() + stores_arrive_within;
    while (std::chrono::steady_clock::now() < arrived) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

}  // namespace triune
