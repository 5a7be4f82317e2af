#include <cstdio>
#include <numeric>
#include <tuple>
#include <vector>

#include "utils/gpu_memory.hpp"

struct Host {
    std::size_t len() const { return 100; }
};

// Instantiated by a body of the standard library alone.
std::size_t sum(const std::vector<utils::DeviceBuffer<float>>& all) {
    return std::accumulate(all.begin(), all.end(), std::size_t{0},
                           [](std::size_t before, const auto& each) { return before + each.len(); });
}

std::size_t bundle() {
    auto both = std::make_tuple(utils::create_managed_buffer<int>(3, "three"), utils::Stream());
    auto& [buffer, stream] = both;
    stream.synchronize();
    const auto length = [](const auto& any) { return any.as_device_buffer().len(); };
    return length(buffer) + std::get<0>(both).size_bytes();
}

auto shorten = [](utils::LabelMappingCache& cache) { return cache.get_cache_stats(); };
double rate(utils::LabelMappingCache& cache) { return std::get<2>(shorten(cache)); }

// Two meanings of one name: left.
std::size_t either(const utils::DeviceBuffer<char>& device) {
    const auto length = [](const auto& any) { return any.len(); };
    return length(device) + length(Host());
}

int main() {
    std::vector<utils::DeviceBuffer<float>> all;
    all.push_back(utils::DeviceBuffer<float>::zeroed(2));
    auto* raw = new utils::DeviceBuffer<int>(utils::DeviceBuffer<int>::zeroed(4));
    raw->~DeviceBuffer();
    ::operator delete(raw);
    utils::LabelMappingCache cache;
    std::printf("%zu %zu %g\n", sum(all), bundle(), rate(cache));
    std::printf("%zu\n", either(utils::DeviceBuffer<char>::zeroed(7)));
}
