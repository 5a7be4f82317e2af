#include <string>

#include "utils/gpu_memory.hpp"

std::size_t take_number();
std::string take_name();

void use(std::size_t count) {
    auto first = utils::create_managed_buffer<float>(take_number(), take_name());
    auto second = utils::create_managed_buffer<float>(take_number(), "second");
    auto third = utils::create_managed_buffer<float>(count++, "third" + std::to_string(3));
    first.as_device_buffer().len();
}
