// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/device_resources.hpp>

#include <map>
#include <mutex>

namespace triune {

std::shared_ptr<DeviceResources> DeviceResources::of(Device& device) {
    // Never destroyed: managers may be made and go after main.
    static std::mutex* const mutex = new std::mutex;
    static auto* const known = new std::map<const Device*, std::weak_ptr<DeviceResources>>;
    const std::lock_guard lock(*mutex);
    std::weak_ptr<DeviceResources>& entry = (*known)[&device];
    if (auto alive = entry.lock()) return alive;
    auto made = std::make_shared<DeviceResources>(device);
    entry = made;
    return made;
}

}  // namespace triune
