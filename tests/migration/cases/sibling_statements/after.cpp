#include <triune/triune.hpp>

#include <cstdio>

#define LENGTH(buffer) (buffer).size()

// The macro holds this variable back; the one beside it is free.
std::size_t both() {
    auto held = triune::Buffer<float>::zeroed(1);
    auto free = triune::Buffer<float>::zeroed(2);
    return LENGTH(held) + 1 + 0 * held.size();
}

std::size_t other(const triune::Buffer<float>& buffer) { return buffer.size(); }

int main() { std::printf("%zu %zu\n", both(), other(triune::Buffer<float>::zeroed(4))); }
