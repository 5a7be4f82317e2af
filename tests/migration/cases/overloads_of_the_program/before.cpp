#include "utils/gpu_memory.hpp"

#include <cstdio>

// The overload moves with its class, in its own namespace: the same one is called before and after.
namespace app {

int rank(const utils::DeviceBuffer<float>& buffer) { return static_cast<int>(buffer.len()); }
int rank(const utils::Stream&) { return 7; }
template <typename T>
int rank(const T&) {
    return -1;
}
template <typename T>
struct traits {
    static constexpr int weight = 1;
};
template <typename T>
struct traits<utils::DeviceBuffer<T>> {
    static constexpr int weight = 4;
};

}  // namespace app

int main() {
    auto buffer = utils::DeviceBuffer<float>::zeroed(3);
    utils::Stream stream;
    std::printf("%d %d %d\n", app::rank(buffer), app::rank(stream), app::rank(1.0F));
    std::printf("%d %d\n", app::traits<utils::DeviceBuffer<int>>::weight, app::traits<utils::Stream>::weight);
}
