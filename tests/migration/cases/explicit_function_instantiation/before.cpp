#include "utils/gpu_memory.hpp"

// The syntax tree keeps no place for the types in an explicit instantiation of a function: they are counted and left, and
// what must change with them is taken back.
template <typename Array>
std::size_t length(const Array& array) {
    return array.len();
}
template std::size_t length(const utils::DeviceBuffer<float>&);

std::size_t leaks() { return utils::check_gpu_memory_leaks().size(); }
