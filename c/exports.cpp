// SPDX-License-Identifier: Apache-2.0
#include "exports.hpp"

#include <atomic>
#include <mutex>
#include <unordered_map>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>

namespace triune::c {
namespace {

// Never destroyed: tensors go when they like.
struct Exports {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    std::atomic<std::size_t> total{0};  // where it is 0 nobody takes the lock
    Mutex mutex;
    std::unordered_map<const BufferState*, std::size_t> counts;
    ForkGuard fork_guard{ForkGuard::Rank::text, *this};
};

Exports& exports() {
    static Exports* const instance = new Exports;
    return *instance;
}

}  // namespace

void note_export(const BufferState& buffer) {
    const std::lock_guard lock(exports().mutex);
    ++exports().counts[&buffer];
    exports().total.fetch_add(1, std::memory_order_relaxed);
}

void note_export_gone(const BufferState& buffer) noexcept {
    const std::lock_guard lock(exports().mutex);
    const auto found = exports().counts.find(&buffer);
    if (found == exports().counts.end()) return;
    if (--found->second == 0) exports().counts.erase(found);
    exports().total.fetch_sub(1, std::memory_order_relaxed);
}

std::size_t export_count(const BufferState& buffer) {
    if (exports().total.load(std::memory_order_relaxed) == 0) return 0;
    const std::lock_guard lock(exports().mutex);
    const auto found = exports().counts.find(&buffer);
    return found == exports().counts.end() ? 0 : found->second;
}

}  // namespace triune::c
