#include <cstdio>
#include <triune/triune.hpp>

#include "foreign/traits.hpp"

template <typename T>
std::string shown(const T& value) {
    return foreign::printer<T>::print(value);
}

int main() {
    auto a = utils::DeviceBuffer<float>::zeroed(2);
    std::printf("%d\n", foreign::visit(a));
    auto b = utils::DeviceBuffer<float>::zeroed(3);
    std::printf("%s\n", shown(b).c_str());
    foreign::storage<utils::Stream> stored;
    std::printf("%d\n", stored.slots);
    utils::LabelMappingCache cache;
    std::printf("%d\n", foreign::probe(cache));
    std::printf("%d\n", foreign::is_gpu_buffer<utils::DeviceBuffer<double>>::value ? 1 : 0);
    auto c = triune::Buffer<float>::zeroed(4);
    std::printf("%zu\n", c.size());
}
