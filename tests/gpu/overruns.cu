// SPDX-License-Identifier: Apache-2.0
// Writes one byte of a pooled buffer, for overruns_test.py:
//   overruns INDEX          of 1000 bytes
//   overruns grown INDEX    of 1010, after it grew where it lies
#include <cstdio>
#include <string>

#include <cuda_runtime.h>

#include <triune/device/devices.hpp>
#include <triune/manage/manager.hpp>

namespace {

__global__ void touch(char* data, long index) { data[index] = 1; }

}  // namespace

int main(int count, char** words) {
    const bool grown = count == 3 && std::string(words[1]) == "grown";
    triune::GpuMemoryManager manager(triune::current_device());
    auto config = triune::GpuMemoryManager::unbounded();
    config.growth_factor = 1;
    const auto before = manager.allocate<char>("before", 1000);
    const auto buffer = manager.allocate<char>("buffer", 1000, config);
    const auto behind = manager.allocate<char>("behind", 1000);
    char* const data = buffer.data();
    if (grown) buffer.ensure_capacity(1010);
    if (buffer.data() != data || buffer.capacity() != (grown ? 1010U : 1000U)) return 3;
    touch<<<1, 1>>>(data, std::stol(words[grown ? 2 : 1]));
    const cudaError_t result = cudaDeviceSynchronize();
    std::printf("%s\n", cudaGetErrorString(result));
    return 0;
}
