#include "utils/gpu_memory.hpp"

#include <cstdio>

int of_plain();
int of_managed();

// Its own everywhere.
static int weigh(const utils::DeviceBuffer<int>& buffer) { return static_cast<int>(buffer.len()); }

int main() {
    auto buffer = utils::DeviceBuffer<int>::zeroed(3);
    std::printf("%d %d %d\n", of_plain(), of_managed(), weigh(buffer));
}
