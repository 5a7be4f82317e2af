#include <cstdio>

#include <triune/triune.hpp>

// The new class has more members, and a binding names them all.
float used(const triune::UntypedHandle& buffer) {
    const auto [name, capacity, bytes, ratio, age_seconds, last_access_seconds] = buffer.stats();
    return ratio + static_cast<float>(capacity + bytes + name.size());
}

int main() {
    const triune::UntypedBuffer buffer = triune::default_manager().make_untyped("some", triune::BufferConfig::for_edges());
    std::printf("%g\n", static_cast<double>(used(buffer)));
}
