#include <cstdio>

#include "lengths.hpp"

// The body of a macro goes, and with it what it needs of another unit, though the function's type says nothing of it.
#define KEPT kept_length<utils::DeviceBuffer<char>>(5)

int main() {
    const auto some = utils::DeviceBuffer<int>::zeroed(3);
    std::printf("%zu %zu %zu\n", length_of(some), made_length<utils::DeviceBuffer<int>>(4),
                measured<utils::DeviceBuffer<int>>{some}.length());
    std::printf("%zu\n", KEPT);
}
