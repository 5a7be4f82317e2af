#include "jobs.hpp"

#include "utils/gpu_memory.hpp"

constexpr std::size_t too_many = ~std::size_t{0} / 2;

std::exception_ptr last_failure;

void start() {
    try {
        auto buffer = utils::create_managed_buffer<char>(too_many, "large");
    } catch (...) {
        last_failure = std::current_exception();
    }
}

std::future<int> later() {
    return std::async(std::launch::deferred, [] {
        auto buffer = utils::DeviceBuffer<char>::zeroed(too_many);
        return 1;
    });
}
