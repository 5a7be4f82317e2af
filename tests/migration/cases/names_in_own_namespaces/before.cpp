#include "utils/gpu_memory.hpp"

#include <cstdio>

namespace company {
inline namespace v2 {
using utils::check_gpu_memory_leaks;
using utils::create_managed_buffer;
using utils::DeviceBuffer;
}  // namespace v2
}  // namespace company
namespace own = company;

int main() {
    const auto kept = own::create_managed_buffer<float>(3, "kept");
    const auto other = company::v2::create_managed_buffer<int>(4, "other");
    const own::DeviceBuffer<int> plain = company::DeviceBuffer<int>::zeroed(2);
    std::printf("%zu %zu %zu %zu\n", kept.size_bytes(), other.as_device_buffer().len(), plain.len(),
                own::check_gpu_memory_leaks().size());
}
