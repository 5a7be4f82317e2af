#include <triune/triune.hpp>

#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

std::vector<triune::UntypedBuffer> pool;

void adopt(triune::UntypedBuffer&& buffer) { pool.push_back(std::move(buffer)); }

std::size_t use(triune::GpuMemoryManager& manager, bool first) {
    const auto config = triune::BufferConfig::for_edges();
    auto chosen = first ? manager.get_or_create("a", config) : manager.get_or_create("b", config);
    chosen.reserve(3);
    // These stand in a container, and stay references.
    auto& front = pool.front();
    auto& same = pool[0];
    front.reserve(10);
    std::size_t sum = chosen.capacity_bytes() + same.capacity_bytes();
    for (triune::UntypedHandle each : pool) each.set_size_bytes(16);
    for (const triune::UntypedHandle& each : pool) sum += each.size_bytes();
    return sum;
}

int main() {
    adopt(triune::default_manager().make_untyped("adopted", triune::BufferConfig::for_edges()));
    triune::GpuMemoryManager manager;
    std::printf("%zu\n", use(manager, true));
}
