// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/device_resources.hpp>

#include <map>
#include <mutex>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/detail/manage/recording.hpp>

namespace triune {
namespace {

// Never destroyed: managers may be made and go after main.
struct Known {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    Mutex mutex;
    std::map<const Device*, std::weak_ptr<DeviceResources>> resources;
    ForkGuard fork_guard{ForkGuard::Rank::device_table, *this};
};

Known& known() {
    static Known* const instance = new Known;
    return *instance;
}

std::shared_ptr<DeviceResources> find(Device& device) {
    const std::lock_guard lock(known().mutex);
    const auto found = known().resources.find(&device);
    return found == known().resources.end() ? nullptr : found->second.lock();
}

}  // namespace

// Made without the lock, since that asks the device for streams and events. Where two threads make them at once, the
// second one's go again, also without the lock.
std::shared_ptr<DeviceResources> DeviceResources::of(Device& device) {
    if (auto alive = find(device)) return alive;
    auto made = std::make_shared<DeviceResources>(device);
    std::shared_ptr<DeviceResources> first;
    {
        const std::lock_guard lock(known().mutex);
        std::weak_ptr<DeviceResources>& entry = known().resources[&device];
        first = entry.lock();
        if (!first) entry = made;
    }
    return first ? first : made;
}

void DeviceResources::trim() noexcept {
    const auto held = [this] {
        return pool.statistics().reserved_bytes + mappings.retired_bytes() + chunks.spare_bytes();
    };
    const bool told = recorder::is_on();
    const std::size_t before = told ? held() : 0;
    mappings.trim_all(Pool::max_wait());
    pool.trim_all();
    chunks.trim();
    pinned.trim();
    download_streams.trim();
    if (!told) return;
    const std::size_t after = held();
    recording::trimmed(before > after ? before - after : 0);
}

}  // namespace triune
