#include <cstdio>
#include <string>

#include "utils/gpu_memory.hpp"

std::size_t take_number() {
    std::puts("a number is taken");
    return 3;
}
std::string take_name() { return "first"; }

void use(std::size_t count) {
    auto first = utils::create_managed_buffer<float>(take_number(), take_name());
    auto second = utils::create_managed_buffer<float>(take_number(), "second");
    auto third = utils::create_managed_buffer<float>(count++, "third" + std::to_string(3));
    std::printf("%zu\n", first.as_device_buffer().len());
    std::printf("%zu\n", second.size_bytes());
    std::printf("%zu\n", third.size_bytes());
    std::printf("%zu\n", count);
}

int main() { use(2); }
