#include <triune/triune.hpp>

// Nobody uses this yet: what `array` is cannot be known, so nothing that made it may change.
template <typename T>
std::size_t later(std::size_t count) {
    auto array = triune::Buffer<T>::zeroed(count);
    return array.size();
}

template <typename T>
bool known(const triune::Buffer<T>& array, const std::vector<T>& values) {
    return array.empty() || triune::Buffer<T>::from_host(values).empty();
}

int main() { return known(triune::Buffer<float>::zeroed(3), {1.0F}) ? 1 : 0; }
