// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/call_mutex.hpp>

#include <triune/base/error.hpp>
#include <triune/detail/base/thread_number.hpp>

namespace triune {

bool CallLock::try_acquire() noexcept {
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
    return holder != 0 && thread_left_behind(holder);
}

void CallLock::refuse(const std::string& name) const {
    if (held_here()) throw invalid_argument("'" + name + "' is growing: its growth's own thread cannot use it");
    throw invalid_argument("'" + name +
                           "' was in use by another thread when this process was forked: it is its parent's");
}

// Whoever gets it after waiting says that others may wait still: at worst one wakes nobody.
void CallLock::lock_contended(const std::string& name) {
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
