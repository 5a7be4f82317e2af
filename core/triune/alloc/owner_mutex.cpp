// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/owner_mutex.hpp>

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <thread>

namespace triune {
namespace {

bool membarrier(int command) noexcept { return ::syscall(SYS_membarrier, command, 0U, 0) == 0; }

bool register_process() noexcept { return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); }

bool others_can_pay() noexcept {
    static const bool can = register_process();
    return can;
}

// While the program is loaded, because the system takes tens of milliseconds once there are several threads.
[[maybe_unused]] const bool registered_early = others_can_pay();

// A process forked from one that is registered may not be.
void barrier_in_every_thread() noexcept {
    while (!membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) {
        if (!register_process()) std::this_thread::yield();
    }
}

}  // namespace

OwnerMutex::OwnerMutex() noexcept : OwnerMutex(!others_can_pay()) {}

void OwnerMutex::lock_as_other() noexcept {
    while (wanted_.test_and_set(std::memory_order_seq_cst)) std::this_thread::yield();
    if (!owner_pays_) barrier_in_every_thread();
    while (held_.load(std::memory_order_seq_cst)) std::this_thread::yield();
}

void OwnerMutex::give_way() noexcept {
    unlock_as_owner();
    while (wanted_.test(std::memory_order_acquire)) std::this_thread::yield();
    announce();
}

}  // namespace triune
