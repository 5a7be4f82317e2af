// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/default_manager.hpp>

#include <map>
#include <memory>
#include <mutex>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/device/devices.hpp>

namespace triune {
namespace {

// Never destroyed.
struct Managers {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    Mutex mutex;
    std::map<const Device*, std::unique_ptr<GpuMemoryManager>> by_device;
    ForkGuard fork_guard{ForkGuard::Rank::device_table, *this};
};

Managers& managers() {
    static Managers* const instance = new Managers;
    return *instance;
}

}  // namespace

GpuMemoryManager& default_manager() {
    Device& device = current_device();
    {
        const std::lock_guard lock(managers().mutex);
        const auto found = managers().by_device.find(&device);
        if (found != managers().by_device.end()) return *found->second;
    }
    auto made = std::make_unique<GpuMemoryManager>(device);  // asks the device, so without the lock
    const std::lock_guard lock(managers().mutex);
    auto& manager = managers().by_device[&device];
    if (!manager) manager.swap(made);
    return *manager;
}

}  // namespace triune
