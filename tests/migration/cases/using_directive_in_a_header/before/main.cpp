#include "common.hpp"

#include <cstdio>

#include "own.hpp"

int main() {
    auto buffer = create_managed_buffer<float>(8, "eight");
    std::printf("%zu %d\n", buffer.as_device_buffer().len(), twice(4));
}
