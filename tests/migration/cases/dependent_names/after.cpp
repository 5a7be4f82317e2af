#include <cstdio>
#include <vector>

#include <triune/transition.hpp>
#include "utils/gpu_memory.hpp"

struct Host {
    float* as_device_ptr() const { return nullptr; }
    std::size_t len() const { return 0; }
};

template <typename Array>
float* start(const Array& array) {
    return array.as_device_ptr();
}

template <typename Array>
auto never_instantiated(Array& array) {
    return array.get_compute_stream();
}

float* use(const triune::transition::Buffer<float>& device, const Host& host) {
    return start(host) == nullptr ? start(device) : nullptr;
}

std::size_t free_of_it() { return triune::default_manager().report_leaks().size(); }

int main() {
    const auto device = triune::transition::Buffer<float>::zeroed(3);
    std::printf("%d %zu\n", use(device, Host()) == nullptr, free_of_it());
}
