// SPDX-License-Identifier: Apache-2.0
// What a manager and its buffers share, and what keeps them alive: the registry and the device.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <triune/base/error.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/detail/manage/live_managers.hpp>
#include <triune/detail/manage/memory_request.hpp>
#include <triune/detail/manage/shortage_text.hpp>
#include <triune/detail/track/memory_limit.hpp>
#include <triune/detail/track/registry.hpp>
#include <triune/manage/failure_hook.hpp>

namespace triune {

class DeviceResources;

// Thread-safe. Owned by the manager, by what asks for it, and by the registry while a buffer that outlives the manager
// is in it.
class ManagerCore : public std::enable_shared_from_this<ManagerCore> {
  public:
    ManagerCore(std::shared_ptr<DeviceResources> device_resources, std::size_t limit_bytes)
        : resources(std::move(device_resources)), memory(limit_bytes, &registry.tallies()) {}

    // Counts its bytes. Past the limit throws limit_exceeded, nothing counted; what is not refusable is counted in any
    // case.
    void charge(const MemoryRequest& request, bool refusable) {
        if (!refusable) return memory.add(request.bytes);
        if (!memory.try_add(request.bytes)) throw limit_error(*this, request);
    }
    // By the thread whose tally is `mine`.
    void charge(const MemoryRequest& request, ThreadTally& mine) {
        if (!memory.try_add(request.bytes, mine)) throw limit_error(*this, request);
    }

    // Runs `acquire`, which asks the device for what is requested. Where the device has none left: gives back what no
    // buffer holds and tries again, then throws out_of_memory, which says who has it.
    template <typename Acquire>
    auto acquire_memory(const MemoryRequest& request, Acquire&& acquire) {
        try {
            return acquire();
        } catch (const out_of_memory&) {
            trim_resources();
        }
        try {
            return acquire();
        } catch (const out_of_memory& failure) {
            throw memory_error(*this, request, failure);
        }
    }

    // The former hook may still be running in other threads.
    void set_failure_hook(FailureHook hook);
    // What the device's pools have, for all of its managers.
    PoolFigures pool_figures() const;
    // Whether there is a hook and it says to try again. It runs unlocked: it may use this manager, but what fails in
    // it is not asked about again. See Shortage.
    bool ask_failure_hook(std::size_t bytes) const;

    const std::shared_ptr<DeviceResources> resources;
    Registry registry;   // what buffers have
    MemoryLimit memory;  // with what growths under way have asked for

  private:
    void trim_resources() noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    mutable Mutex mutex_;
    std::shared_ptr<const FailureHook> hook_;
    ForkGuard fork_guard_{ForkGuard::Rank::manager, *this};
    LiveManagers::Entry among_live_{*this};
};

}  // namespace triune
