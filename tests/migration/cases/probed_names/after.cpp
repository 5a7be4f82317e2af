#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <type_traits>
#include <utility>
#include <vector>

// Whether a type has len() decides what is done with it: under its new name a buffer would count nothing.
template <typename T, typename = void>
struct has_len : std::false_type {};
template <typename T>
struct has_len<T, std::void_t<decltype(std::declval<const T&>().len())>> : std::true_type {};

template <typename T>
std::size_t count(const T& values) {
    if constexpr (has_len<T>::value)
        return values.len();
    else
        return 0;
}
std::size_t count_both(const utils::DeviceBuffer<float>& buffer, const std::vector<int>& values) {
    return count(buffer) + count(values);
}
static_assert(has_len<utils::DeviceBuffer<int>>::value);

// So is what asks whether a call may throw.
std::size_t careful(const utils::DeviceBuffer<double>& buffer) {
    if constexpr (noexcept(buffer.len()))
        return buffer.len();
    else
        return 0;
}

// This one is resolved where it is used, and nothing is chosen by it.
template <typename T>
auto name_of(const T& buffer) -> decltype(buffer.stats()) {
    return buffer.stats();
}
auto statistics(triune::LabelCache& cache) { return name_of(cache); }

triune::StreamSet streams;
