#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"

#include <cstdio>

// The syntax tree keeps no place for the types in an explicit instantiation of a function: they are looked up again.
template <typename Array>
std::size_t length(const Array& array) {
    return array.len();
}
template std::size_t length(const utils::DeviceBuffer<float>&);
template std::size_t length<utils::DeviceBuffer<int>>(const utils::DeviceBuffer<int>& /* counted */);

namespace memory = utils;
using Bytes = utils::DeviceBuffer<char>;

namespace tools {

using utils::DeviceBuffer;

// Nothing in the type of the function says what it is made for.
template <typename Array>
std::size_t zeroed_length(std::size_t count) {
    return Array::zeroed(count).len();
}
extern template std::size_t zeroed_length<DeviceBuffer<double>>(std::size_t);
template std::size_t zeroed_length<DeviceBuffer<double>>(std::size_t count);
template std::size_t zeroed_length<memory::DeviceBuffer<short>>(std::size_t);
template std::size_t zeroed_length<Bytes>(std::size_t);

template <typename Array>
struct holder {
    explicit holder(std::size_t count) : array(Array::zeroed(count)) {}
    std::size_t length() const { return array.len(); }
    template <typename Other>
    std::size_t both(const Other& other) const {
        return array.len() + other.len();
    }
    bool operator<(const holder& other) const { return array.len() < other.array.len(); }
    Array array;
};
template holder<utils::DeviceBuffer<long>>::holder(std::size_t);
template std::size_t holder<::utils::DeviceBuffer<long>>::length() const;
template bool holder<DeviceBuffer<long>>::operator<(const holder<DeviceBuffer<long>>&) const;
template std::size_t holder<Bytes>::both<Bytes>(const Bytes&) const;

}  // namespace tools

template <typename Manager>
std::size_t held(Manager& manager) {
    return manager.get_total_allocation();
}
template std::size_t held<gpu::DynamicBufferManager>(gpu::DynamicBufferManager&);

// The buffer is no argument of the template, so it is handed over like everywhere else.
template <typename Count>
void grow(gpu::DynamicGpuBuffer& buffer, Count count) {
    buffer.ensure_capacity(static_cast<std::size_t>(count));
}
template void grow<int>(gpu::DynamicGpuBuffer& buffer, int);
template void grow(gpu::DynamicGpuBuffer&, long);

// A specialisation keeps its types in the tree.
template <typename Array>
int kind() {
    return 0;
}
template <>
int kind<utils::DeviceBuffer<float>>() {
    return 1;
}
template <>
std::size_t length<utils::DeviceBuffer<unsigned>>(const utils::DeviceBuffer<unsigned>& array) {
    return array.len() + 1;
}

template <typename T>
T twice(T value) {
    return value + value;
}
template int twice(int);

int main() {
    const auto floats = utils::DeviceBuffer<float>::zeroed(3);
    gpu::DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    auto& grown = manager.get_or_create_buffer("grown", gpu::BufferConfig::for_positions());
    grow(grown, 100);
    grow(grown, 1000L);
    const tools::holder<utils::DeviceBuffer<long>> few(2), more(4);
    std::printf("%zu %zu %zu %zu\n", length(floats), length(utils::DeviceBuffer<unsigned>::zeroed(4)),
                tools::zeroed_length<utils::DeviceBuffer<double>>(5), tools::zeroed_length<Bytes>(6));
    std::printf("%zu %d %zu %d %d %d\n", few.length(), few < more, held(manager),
                kind<utils::DeviceBuffer<float>>(), kind<utils::DeviceBuffer<int>>(), twice(4));
}
