// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/accounting_lock.hpp>

#include <chrono>
#include <thread>

namespace triune {

void AccountingLock::wait() noexcept {
    constexpr int spins = 100;
    constexpr int yields = 100;
    constexpr std::chrono::microseconds nap{20};
    int turn = 0;
    do {
        while (held_.load(std::memory_order_relaxed)) {
            ++turn;
            if (turn > spins + yields) {
                std::this_thread::sleep_for(nap);
            } else if (turn > spins) {
                std::this_thread::yield();
            }
        }
    } while (held_.exchange(true, std::memory_order_acquire));
}

}  // namespace triune
