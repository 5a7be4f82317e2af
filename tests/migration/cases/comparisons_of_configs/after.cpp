#include <triune/triune.hpp>

#include <cstdio>

// The new classes have comparisons of their own, and more members.
bool operator==(const triune::BufferConfig& left, const triune::BufferConfig& right) {
    return left.bytes_per_element == right.bytes_per_element;
}

int main() {
    triune::BufferConfig config = triune::BufferConfig::for_positions();
    config.min_size_bytes = 1;
    const triune::BufferStats stats{.name = "s", .capacity_bytes = 4, .allocated_bytes = 2, .utilization = 0.5F};
    std::printf("%d %s %zu\n", config == triune::BufferConfig::for_forces(), stats.name.c_str(), stats.allocated_bytes);
}
