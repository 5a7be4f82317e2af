#include <triune/transition.hpp>
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"

#include <cstdio>

// A member of a legacy class: the new class has it from its base.
template std::size_t triune::transition::Buffer<float>::len() const;

// The template is made for the buffer itself, which is handed over in another way.
template <typename Buffer>
void grow(Buffer& buffer) {
    buffer.ensure_capacity(3);
}
template void grow<gpu::DynamicGpuBuffer>(gpu::DynamicGpuBuffer&);

// The argument of a macro.
#define INSTANTIATE(array) template std::size_t length<array>(const array&)
template <typename Array>
std::size_t length(const Array& array) {
    return array.len();
}
INSTANTIATE(utils::DeviceBuffer<int>);

// What does not depend on them goes.
std::size_t leaks() { return triune::default_manager().report_leaks().size(); }
std::size_t zeroed() { return triune::Buffer<char>::zeroed(5).size(); }

int main() {
    const auto some = utils::DeviceBuffer<int>::zeroed(3);
    std::printf("%zu %zu %zu\n", leaks(), zeroed(), length(some));
}
