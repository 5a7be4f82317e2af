#include <cstdio>
#include <string>
#include <vector>

#include "utils/gpu_memory.hpp"  // tracking

std::size_t report() {
    std::vector<std::string> names = utils::check_gpu_memory_leaks();
    const auto [total, by_name] = utils::get_gpu_memory_usage();
    utils::LabelMappingCache cache;
    const utils::LabelMappingCache::Labels labels = cache.get_or_compute_mapping({1, 2}, [](const auto& all) { return all; });
    const auto [hits, misses, rate] = cache.get_cache_stats();
    return names.size() + total + by_name.size() + labels.size() + hits + misses + static_cast<std::size_t>(rate);
}

int main() {
    const auto held = utils::create_managed_buffer<int>(3, "held");
    std::printf("%zu %s\n", report(), utils::check_gpu_memory_leaks().at(0).c_str());
}
