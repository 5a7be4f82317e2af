#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <type_traits>

// Two classes become one: what told them apart would answer otherwise.
constexpr bool same = std::is_same<utils::DeviceBuffer<float>, utils::ManagedDeviceBuffer<float>>::value;

template <typename T>
constexpr bool is_tracked = std::is_same_v<T, utils::ManagedDeviceBuffer<float>>;

template <typename T>
int cost(const T&) {
    if constexpr (is_tracked<T>)
        return 2;
    else
        return 1;
}

template <typename T>
int tagged(const T&, std::true_type) {
    return 20;
}
template <typename T>
int tagged(const T&, std::false_type) {
    return 10;
}
template <typename T>
int tagged(const T& value) {
    return tagged(value, std::is_same<T, utils::ManagedDeviceBuffer<int>>{});
}

template <typename T>
typename std::conditional<std::is_same<T, utils::ManagedDeviceBuffer<char>>::value, long, int>::type wide(const T&) {
    return {};
}

template <typename T, std::enable_if_t<std::is_same_v<T, utils::ManagedDeviceBuffer<double>>, int> = 0>
int chosen(const T&) {
    return 200;
}
template <typename T, std::enable_if_t<!std::is_same_v<T, utils::ManagedDeviceBuffer<double>>, int> = 0>
int chosen(const T&) {
    return 100;
}

int main() {
    auto b1 = utils::DeviceBuffer<float>::zeroed(2);
    auto m1 = utils::create_managed_buffer<float>(2, "m1");
    std::printf("%d %d %d\n", same, cost(b1), cost(m1));
    auto b2 = utils::DeviceBuffer<int>::zeroed(2);
    auto m2 = utils::create_managed_buffer<int>(2, "m2");
    std::printf("%d %d\n", tagged(b2), tagged(m2));
    auto b3 = utils::DeviceBuffer<char>::zeroed(2);
    auto m3 = utils::create_managed_buffer<char>(2, "m3");
    std::printf("%zu %zu\n", sizeof(wide(b3)), sizeof(wide(m3)));
    auto b4 = utils::DeviceBuffer<double>::zeroed(2);
    auto m4 = utils::create_managed_buffer<double>(2, "m4");
    std::printf("%d %d\n", chosen(b4), chosen(m4));
    // Told apart by nothing.
    auto b5 = utils::DeviceBuffer<short>::zeroed(2);
    auto m5 = utils::create_managed_buffer<short>(2, "m5");
    std::printf("%zu %zu\n", b5.len(), m5.size_bytes());
}
