#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <iostream>
#include <type_traits>

// Found by the argument's namespace alone. Where the argument's class has left it, the general ones are found instead,
// without a word from the compiler.
namespace utils {
inline int kind(const DeviceBuffer<float>&) { return 1; }
inline int size_class(const ManagedDeviceBuffer<float>& buffer) { return buffer.size_bytes() > 8 ? 1 : 0; }
inline std::ostream& operator<<(std::ostream& out, const Stream&) { return out << "a stream"; }
}  // namespace utils

template <typename T>
int kind(const T&) {
    return 2;
}
template <typename T>
int size_class(const T&) {
    return -1;
}
template <typename T>
std::enable_if_t<std::is_class_v<T>, std::ostream&> operator<<(std::ostream& out, const T&) {
    return out << "some object";
}

template <typename T>
int kind_in_template(const T& value) {
    return kind(value);
}

int main() {
    auto plain = utils::DeviceBuffer<float>::zeroed(2);
    std::cout << kind(plain) << '\n';
    auto other = utils::DeviceBuffer<float>::zeroed(3);
    std::cout << kind_in_template(other) << '\n';
    auto managed = utils::create_managed_buffer<float>(4, "managed");
    std::cout << size_class(managed) << '\n';
    utils::Stream stream;
    std::cout << stream << '\n';
    // Nobody asks what this one is.
    auto free = triune::Buffer<float>::zeroed(5);
    std::cout << free.size() << '\n';
}
