#include <triune/triune.hpp>
#include "gpu/dynamic_buffer_manager.hpp"

#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

// In none of these is a default written that could be spelled out.
struct Extended : gpu::BufferConfig {
    int priority = 0;
};
std::size_t inherited() { return Extended().priority + 1; }

std::size_t counted() {
    std::vector<gpu::BufferConfig> all(2);
    return all.size();
}
std::size_t grown() {
    std::vector<gpu::BufferConfig> all;
    all.resize(3);
    return all.size();
}
std::size_t filled() {
    std::array<gpu::BufferConfig, 4> all{{gpu::BufferConfig::for_edges()}};
    return all.size();
}
std::size_t in_an_array() {
    gpu::BufferConfig all[5];
    return sizeof(all) / sizeof(all[0]);
}
std::size_t looked_up() {
    std::map<std::string, gpu::BufferConfig> named;
    return named["new"].growth_factor > 1 ? 6 : 0;
}
template <typename T>
std::size_t made_of() {
    T config;
    return sizeof(config) > 1 ? 7 : 0;
}

// In these it is, or another value is there before it is read.
std::size_t spelled_out() {
    std::map<std::string, triune::BufferConfig> named;
    named["edges"] = triune::BufferConfig::for_edges();
    named["given"] = {64, 1.5F, std::size_t{1} << 30, 1024};
    std::vector<triune::BufferConfig> all(2, triune::BufferConfig{64, 1.5F, std::size_t{1} << 30, 1024});
    all.push_back({64, 1.5F, std::size_t{1} << 30, 1024});
    const auto first = [](triune::BufferConfig config = {64, 1.5F, std::size_t{1} << 30, 1024}) { return config.min_size_bytes; };
    return named.at("edges").bytes_per_element + named.at("given").bytes_per_element + all.back().min_size_bytes + first();
}

int main() {
    std::printf("%zu %zu %zu %zu %zu\n", inherited(), counted(), grown(), filled(), in_an_array());
    std::printf("%zu\n", looked_up());
    std::printf("%zu\n", made_of<gpu::BufferConfig>());
    std::printf("%zu\n", spelled_out());
}
