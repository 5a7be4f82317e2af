#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

// A standard algorithm finds it by the namespace of its arguments, and has its own where it does not.
namespace utils {
inline int swaps = 0;
inline void swap(DeviceBuffer<float>& left, DeviceBuffer<float>& right) {
    ++swaps;
    DeviceBuffer<float> kept = std::move(left);
    left = std::move(right);
    right = std::move(kept);
}
}  // namespace utils

// In the program's own namespace nobody but the program finds it, before and after.
namespace app {
inline int swaps = 0;
inline void swap(triune::Buffer<int>& left, triune::Buffer<int>& right) {
    ++swaps;
    std::swap(left, right);
}
}  // namespace app

int main() {
    std::vector<utils::DeviceBuffer<float>> buffers(2);
    std::reverse(buffers.begin(), buffers.end());
    std::vector<triune::Buffer<int>> others(2);
    std::reverse(others.begin(), others.end());
    app::swap(others[0], others[1]);
    std::printf("%d %d\n", utils::swaps, app::swaps);
}
