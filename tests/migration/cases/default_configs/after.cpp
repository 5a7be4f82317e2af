#include <triune/triune.hpp>

#include <cstdio>

struct Settings {
    triune::BufferConfig buffers{64, 1.5F, std::size_t{1} << 30, 1024};
    triune::BufferConfig edges = triune::BufferConfig::for_edges();
};

triune::BufferConfig given(triune::BufferConfig config = {64, 1.5F, std::size_t{1} << 30, 1024}) { return config; }

triune::BufferConfig all() {
    static triune::BufferConfig shared{64, 1.5F, std::size_t{1} << 30, 1024};
    const triune::BufferConfig partial{16, 2.0F, std::size_t{1} << 30, 1024};
    const triune::BufferConfig full{16, 2.0F, 1024, 64};
    shared = triune::BufferConfig{64, 1.5F, std::size_t{1} << 30, 1024};
    return full.growth_factor > partial.growth_factor ? given() : shared;
}

void print(const triune::BufferConfig& config) {
    std::printf("%zu %g %zu %zu\n", config.bytes_per_element, config.growth_factor, config.max_size_bytes, config.min_size_bytes);
}

int main() {
    const Settings settings;
    print(settings.buffers);
    print(settings.edges);
    print(given());
    print(all());
    print(triune::BufferConfig{16, 2.0F, std::size_t{1} << 30, 1024});
    for (const auto& preset : {triune::BufferConfig::for_positions(), triune::BufferConfig::for_velocities(),
                               triune::BufferConfig::for_forces(), triune::BufferConfig::for_grid_cells()}) {
        print(preset);
    }
}
