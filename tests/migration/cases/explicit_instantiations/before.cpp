#include "utils/gpu_memory.hpp"

template <typename T>
struct holder {
    T value;
};

template <typename T>
struct is_buffer {
    static constexpr bool value = false;
};
template <typename T>
struct is_buffer<utils::DeviceBuffer<T>> {
    static constexpr bool value = true;
};

template struct holder<utils::MultiStreamManager>;
extern template struct holder<utils::LabelMappingCache>;
extern template class utils::DeviceBuffer<double>;
template <>
struct holder<utils::DeviceBuffer<char>> {
    int other;
};
static_assert(is_buffer<utils::DeviceBuffer<int>>::value);

// What is instantiated explicitly is a class of the legacy interface as before.
std::size_t length(const utils::DeviceBuffer<double>& buffer) { return buffer.len(); }

template <template <typename> class Array>
std::size_t made_of(std::size_t count) {
    const Array<float> made = Array<float>::zeroed(count);
    return made.len();
}
std::size_t made_of_buffer() { return made_of<utils::DeviceBuffer>(3); }

template <template <typename> class Array, typename T>
struct wrapped {
    Array<T> array;
};
using Wrapped = wrapped<utils::DeviceBuffer, int>;
std::size_t unwrap(const Wrapped& from) { return from.array.len(); }
