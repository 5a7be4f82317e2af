#include <triune/triune.hpp>

template <typename T>
struct holder {
    T value;
};

template <typename T>
struct is_buffer {
    static constexpr bool value = false;
};
template <typename T>
struct is_buffer<triune::Buffer<T>> {
    static constexpr bool value = true;
};

template struct holder<triune::StreamSet>;
extern template struct holder<triune::LabelCache>;
extern template class triune::Buffer<double>;
template <>
struct holder<triune::Buffer<char>> {
    int other;
};
static_assert(is_buffer<triune::Buffer<int>>::value);

// What is instantiated explicitly is a class of the legacy interface as before.
std::size_t length(const triune::Buffer<double>& buffer) { return buffer.size(); }

template <template <typename> class Array>
std::size_t made_of(std::size_t count) {
    const Array<float> made = Array<float>::zeroed(count);
    return made.size();
}
std::size_t made_of_buffer() { return made_of<triune::Buffer>(3); }

template <template <typename> class Array, typename T>
struct wrapped {
    Array<T> array;
};
using Wrapped = wrapped<triune::Buffer, int>;
std::size_t unwrap(const Wrapped& from) { return from.array.size(); }
