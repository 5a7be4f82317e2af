#include <triune/triune.hpp>

// Nobody uses this yet: what `array` is cannot be known, so nothing that made it may change.
template <typename T>
std::size_t later(std::size_t count) {
    auto array = triune::Buffer<T>::zeroed(count);
    return array.len();
}

template <typename T>
bool known(const triune::Buffer<T>& array) {
    return array.empty();
}
