#include <string>

#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

std::size_t take_number();
std::string take_name();

void use(std::size_t count) {
    auto first = utils::create_managed_buffer<float>(take_number(), take_name());
    auto second = triune::default_manager().make_buffer<float>("second", take_number());
    auto third = triune::default_manager().make_buffer<float>("third" + std::to_string(3), count++);
    first.as_device_buffer().len();
}
