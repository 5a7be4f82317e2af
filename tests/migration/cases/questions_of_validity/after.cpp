#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <type_traits>
#include <utility>

namespace utils {
inline int describe(const DeviceBuffer<float>&) noexcept { return 1; }
}  // namespace utils

struct anything {
    template <typename T>
    anything(const T&) {}
};
inline int describe(const anything&) { return 0; }

template <typename T, typename = void>
struct has_describe : std::false_type {};
template <typename T>
struct has_describe<T, std::void_t<decltype(describe(std::declval<const T&>()))>> : std::true_type {};

template <typename T>
int throws(const T& value) {
    return noexcept(describe(value)) ? 0 : 1;
}

int main() {
    auto a = utils::DeviceBuffer<float>::zeroed(2);
    std::printf("%d\n", describe(a));
    auto b = utils::DeviceBuffer<float>::zeroed(2);
    std::printf("%d\n", throws(b));
    std::printf("%d\n", std::is_nothrow_default_constructible_v<triune::Buffer<int>>);
    std::printf("%d\n", std::is_default_constructible_v<utils::ManagedDeviceBuffer<int>>);
    std::printf("%d\n", std::is_copy_constructible_v<triune::Buffer<long>>);
}
