#include <triune/triune.hpp>

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
