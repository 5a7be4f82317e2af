// SPDX-License-Identifier: Apache-2.0
// A program that lends its manager to plugins: host PLUGIN. Both link triune::core_shared, so that a process has one
// copy of the library and each byte counts once.
#include <dlfcn.h>

#include <iostream>

#include <triune/triune.hpp>

#include "plugin.hpp"

int main(int count, char* arguments[]) {
    if (count != 2) return 2;
    triune::GpuMemoryManager manager;
    const auto positions = manager.allocate<float>("positions", 1000);

    void* const plugin = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (plugin == nullptr) {
        std::cerr << dlerror() << '\n';
        return 1;
    }
    const auto smooth = reinterpret_cast<SmoothFunction>(dlsym(plugin, "smooth"));
    if (smooth == nullptr) return 1;
    smooth(manager, positions);

    bool listed = false;
    for (const triune::AllocationRecord& each : manager.check_leaks()) {
        std::cout << each.describe() << '\n';
        listed = listed || each.name() == "smoothed";
    }
    manager.free("smoothed");
    dlclose(plugin);
    return listed && manager.total_allocated_bytes() == 4000 ? 0 : 1;
}
