#include <cstdio>
#include <numeric>
#include <tuple>
#include <vector>

#include <triune/transition.hpp>

struct Host {
    std::size_t len() const { return 100; }
};

// Instantiated by a body of the standard library alone.
std::size_t sum(const std::vector<triune::Buffer<float>>& all) {
    return std::accumulate(all.begin(), all.end(), std::size_t{0},
                           [](std::size_t before, const auto& each) { return before + each.size(); });
}

std::size_t bundle() {
    auto both = std::make_tuple(triune::default_manager().make_buffer<int>("three", 3), triune::Stream());
    auto& [buffer, stream] = both;
    stream.synchronize();
    const auto length = [](const auto& any) { return any.size(); };
    return length(buffer) + std::get<0>(both).size_bytes();
}

auto shorten = [](triune::LabelCache& cache) { return cache.stats(); };
double rate(triune::LabelCache& cache) { return std::get<2>(shorten(cache)); }

// Two meanings of one name: left.
std::size_t either(const triune::transition::Buffer<char>& device) {
    const auto length = [](const auto& any) { return any.len(); };
    return length(device) + length(Host());
}

int main() {
    std::vector<triune::Buffer<float>> all;
    all.push_back(triune::Buffer<float>::zeroed(2));
    auto* raw = new triune::Buffer<int>(triune::Buffer<int>::zeroed(4));
    raw->~Buffer();
    ::operator delete(raw);
    triune::LabelCache cache;
    std::printf("%zu %zu %g\n", sum(all), bundle(), rate(cache));
    std::printf("%zu\n", either(triune::transition::Buffer<char>::zeroed(7)));
}
