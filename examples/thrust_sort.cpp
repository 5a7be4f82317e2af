// SPDX-License-Identifier: Apache-2.0
// Thrust: a vector in the manager's memory. Compiled for the host, where only the simulated device's memory is; with
// nvcc the same code runs on the GPU.
#include <triune/resource/thrust_allocator.hpp>
#include <triune/triune.hpp>

#include <thrust/device_vector.h>
#include <thrust/functional.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>

#include <iostream>

int main() {
    triune::GpuMemoryManager manager;
#if THRUST_DEVICE_SYSTEM == THRUST_DEVICE_SYSTEM_CPP
    if (!manager.device().properties().host_addressable) {
        std::cout << "skipped: compiled for the host, which cannot touch a GPU's memory (TRIUNE_DEVICE=sim)\n";
        return 77;
    }
#endif
    const triune::ThrustAllocator<int> allocator(manager, "keys");
    thrust::device_vector<int, triune::ThrustAllocator<int>> keys(1000, 0, allocator);
    thrust::sequence(keys.begin(), keys.end());
    thrust::sort(keys.begin(), keys.end(), thrust::greater<int>());
    std::cout << "the first is " << keys[0] << ", " << manager.total_allocated_bytes() << " bytes\n";
    return keys[0] == 999 && manager.total_allocated_bytes() == 4000 ? 0 : 1;
}
