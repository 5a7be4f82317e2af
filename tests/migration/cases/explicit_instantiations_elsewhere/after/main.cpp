#include <cstdio>
#include <triune/triune.hpp>

#include "lengths.hpp"

// The body of a macro goes, and with it what it needs of another unit, though the function's type says nothing of it.
#define KEPT kept_length<triune::Buffer<char>>(5)

int main() {
    const auto some = triune::Buffer<int>::zeroed(3);
    std::printf("%zu %zu %zu\n", length_of(some), made_length<triune::Buffer<int>>(4),
                measured<triune::Buffer<int>>{some}.length());
    std::printf("%zu\n", KEPT);
}
