// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/ended_managers.hpp>

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/detail/manage/manager_core.hpp>

namespace triune {

constinit std::atomic<bool> EndedManagers::kept_{false};

namespace {

// Never destroyed: managers may go after main.
struct OfTheProcess {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    Mutex mutex;
    EndedManagers ended;
    ForkGuard fork_guard{ForkGuard::Rank::text, *this};
};

OfTheProcess& of_the_process() {
    static OfTheProcess* const instance = new OfTheProcess;
    return *instance;
}

}  // namespace

void EndedManagers::add(EndedManager ended) {
    const auto by_number = [](const EndedManager& a, const EndedManager& b) { return a.number < b.number; };
    kept.insert(std::upper_bound(kept.begin(), kept.end(), ended, by_number), std::move(ended));
    if (kept.size() <= max_kept) return;
    kept.erase(std::min_element(kept.begin(), kept.end(), [](const EndedManager& a, const EndedManager& b) {
        return a.figures.peak_allocated_bytes < b.figures.peak_allocated_bytes;
    }));
    ++others;
}

void EndedManagers::keep(const ManagerCore& core, const std::string& device) noexcept {
    try {
        EndedManager ended{core.registry.number(), device, core.memory.limit(), core.registry.figures(),
                           core.pool_figures()};
        OfTheProcess& process = of_the_process();
        const std::lock_guard lock(process.mutex);
        process.ended.add(std::move(ended));
    } catch (const std::bad_alloc&) {
    }
}

EndedManagers EndedManagers::all() {
    OfTheProcess& process = of_the_process();
    const std::lock_guard lock(process.mutex);
    return process.ended;
}

}  // namespace triune
