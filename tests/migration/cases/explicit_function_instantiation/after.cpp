#include <triune/triune.hpp>

#include <cstdio>

// The syntax tree keeps no place for the types in an explicit instantiation of a function: they are looked up again.
template <typename Array>
std::size_t length(const Array& array) {
    return array.size();
}
template std::size_t length(const triune::Buffer<float>&);
template std::size_t length<triune::Buffer<int>>(const triune::Buffer<int>& /* counted */);

using Bytes = triune::Buffer<char>;

namespace tools {

using triune::Buffer;

// Nothing in the type of the function says what it is made for.
template <typename Array>
std::size_t zeroed_length(std::size_t count) {
    return Array::zeroed(count).size();
}
extern template std::size_t zeroed_length<Buffer<double>>(std::size_t);
template std::size_t zeroed_length<Buffer<double>>(std::size_t count);
template std::size_t zeroed_length<triune::Buffer<short>>(std::size_t);
template std::size_t zeroed_length<Bytes>(std::size_t);

template <typename Array>
struct holder {
    explicit holder(std::size_t count) : array(Array::zeroed(count)) {}
    std::size_t length() const { return array.size(); }
    template <typename Other>
    std::size_t both(const Other& other) const {
        return array.size() + other.size();
    }
    bool operator<(const holder& other) const { return array.size() < other.array.size(); }
    Array array;
};
template holder<triune::Buffer<long>>::holder(std::size_t);
template std::size_t holder<triune::Buffer<long>>::length() const;
template bool holder<Buffer<long>>::operator<(const holder<Buffer<long>>&) const;
template std::size_t holder<Bytes>::both<Bytes>(const Bytes&) const;

}  // namespace tools

template <typename Manager>
std::size_t held(Manager& manager) {
    return manager.total_allocated_bytes();
}
template std::size_t held<triune::GpuMemoryManager>(triune::GpuMemoryManager&);

// The buffer is no argument of the template, so it is handed over like everywhere else.
template <typename Count>
void grow(triune::UntypedHandle buffer, Count count) {
    buffer.reserve(static_cast<std::size_t>(count));
}
template void grow<int>(triune::UntypedHandle buffer, int);
template void grow(triune::UntypedHandle, long);

// A specialisation keeps its types in the tree.
template <typename Array>
int kind() {
    return 0;
}
template <>
int kind<triune::Buffer<float>>() {
    return 1;
}
template <>
std::size_t length<triune::Buffer<unsigned>>(const triune::Buffer<unsigned>& array) {
    return array.size() + 1;
}

template <typename T>
T twice(T value) {
    return value + value;
}
template int twice(int);

int main() {
    const auto floats = triune::Buffer<float>::zeroed(3);
    triune::GpuMemoryManager manager;
    auto grown = manager.get_or_create("grown", triune::BufferConfig::for_positions());
    grow(grown, 100);
    grow(grown, 1000L);
    const tools::holder<triune::Buffer<long>> few(2), more(4);
    std::printf("%zu %zu %zu %zu\n", length(floats), length(triune::Buffer<unsigned>::zeroed(4)),
                tools::zeroed_length<triune::Buffer<double>>(5), tools::zeroed_length<Bytes>(6));
    std::printf("%zu %d %zu %d %d %d\n", few.length(), few < more, held(manager),
                kind<triune::Buffer<float>>(), kind<triune::Buffer<int>>(), twice(4));
}
