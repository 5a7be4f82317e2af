#include <triune/triune.hpp>

#include <cstdio>
#include <string>
#include <string_view>

// What a call gives may be of another type than before, and choose another overload.
int told(const std::string&) { return 1; }
int told(std::string_view) { return 2; }
template <typename T>
int width(T) {
    return static_cast<int>(sizeof(T));
}
template <typename T>
int is_constant(T&) {
    return std::is_const_v<T>;
}

int main() {
    auto buffer = triune::default_manager().make_buffer<float>("buffer", 4);
    std::printf("%d %d\n", told(buffer.name()), width(buffer.size_bytes()));
    triune::UntypedBuffer grown = triune::default_manager().make_untyped("grown", triune::BufferConfig::for_positions());
    grown.reserve(4);
    std::printf("%d %d\n", told(grown.name()), width(grown.capacity_bytes()));
    triune::StreamSet streams;
    std::printf("%d\n", is_constant(streams.compute()));
}
