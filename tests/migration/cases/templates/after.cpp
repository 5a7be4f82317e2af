#include <cstdio>
#include <vector>

#include <triune/triune.hpp>

template <typename T>
std::vector<T> read_back(const triune::Buffer<T>& buffer) {
    std::vector<T> values(buffer.size());
    buffer.download(values);
    return buffer.empty() ? std::vector<T>() : values;
}

template <typename T>
auto never_used(triune::Buffer<T>& buffer) {
    return triune::default_manager().make_buffer<T>(buffer.name(), buffer.size());
}

template <typename Array>
std::size_t length(const Array& array) {
    return array.size();
}

std::size_t use() {
    const auto buffer = triune::Buffer<float>::zeroed(3);
    return read_back(buffer).size() + length(buffer);
}

int main() { std::printf("%zu\n", use()); }
