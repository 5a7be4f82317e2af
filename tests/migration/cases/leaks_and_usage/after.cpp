#include <cstdio>
#include <string>
#include <vector>

#include <triune/triune.hpp>  // tracking

std::size_t report() {
    std::vector<std::string> names = triune::default_manager().report_leaks();
    const auto [total, by_name] = triune::default_manager().usage_by_name();
    triune::LabelCache cache;
    const triune::LabelCache::Labels labels = cache.get_or_compute({1, 2}, [](const auto& all) { return all; });
    const auto [hits, misses, rate] = cache.stats();
    return names.size() + total + by_name.size() + labels.size() + hits + misses + static_cast<std::size_t>(rate);
}

int main() {
    const auto held = triune::default_manager().make_buffer<int>("held", 3);
    std::printf("%zu %s\n", report(), triune::default_manager().report_leaks().at(0).c_str());
}
