// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/default_manager.hpp>

#include <map>
#include <mutex>

#include <triune/device/devices.hpp>

namespace triune {

GpuMemoryManager& default_manager() {
    static std::mutex* const mutex = new std::mutex;
    static auto* const managers = new std::map<const Device*, GpuMemoryManager*>;
    Device& device = current_device();
    const std::lock_guard lock(*mutex);
    GpuMemoryManager*& manager = (*managers)[&device];
    if (manager == nullptr) manager = new GpuMemoryManager(device);
    return *manager;
}

}  // namespace triune
