#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <concepts>
#include <utility>
#include <vector>

// What asks by a legacy name would take the other branch under the new one.
template <typename T>
concept Lengthy = requires(const T& values) { values.len(); };
template <typename T>
std::size_t count(const T& values) {
    if constexpr (Lengthy<T>) return values.len();
    return 0;
}
std::size_t counted(const utils::DeviceBuffer<int>& buffer) { return count(buffer); }

template <typename T>
concept Emptyable = requires(const T& values) {
    { values.is_empty() } -> std::same_as<bool>;
};
template <Emptyable T>
int pick(const T&) {
    return 1;
}
template <typename T>
int pick(const T&) {
    return 0;
}
int picked(const utils::DeviceBuffer<long>& buffer) { return pick(buffer); }

template <typename T>
int readable(const T&) {
    if constexpr (requires(const T& from, std::vector<char>& to) { from.copy_to(to); }) return 1;
    return 0;
}
int asked(const utils::DeviceBuffer<char>& buffer) { return readable(buffer); }

template <typename T>
    requires requires(T buffer) { buffer.as_device_buffer(); }
int unwrap(const T&) {
    return 1;
}
int unwrap(...) { return 0; }
int unwrapped(const utils::ManagedDeviceBuffer<short>& buffer) { return unwrap(buffer); }

// Asks for a name that only the new class has.
template <typename T>
int sized(const T&) {
    if constexpr (requires(const T& values) { values.size(); }) return 1;
    return 0;
}
int has_size(const utils::DeviceBuffer<float>& buffer) { return sized(buffer); }

// Nothing asks about this one.
triune::StreamSet streams;
