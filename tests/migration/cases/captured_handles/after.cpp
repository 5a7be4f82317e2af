#include <triune/triune.hpp>

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

// A reference that is captured refers to the buffer, not to the name that it was captured by: these live longer.
std::vector<std::function<std::size_t()>> jobs;

void queue(triune::GpuMemoryManager& manager, int number) {
    auto buffer = manager.get_or_create("b" + std::to_string(number), triune::BufferConfig::for_edges());
    jobs.push_back([buffer, number] {
        buffer.reserve(static_cast<std::size_t>(number));
        return buffer.capacity_bytes();
    });
    jobs.push_back([again = buffer] { return again.capacity_bytes(); });
}
std::function<std::string()> naming(triune::UntypedHandle buffer) {
    return [&, buffer] { return buffer.name(); };
}

int main() {
    triune::GpuMemoryManager manager;
    queue(manager, 100);
    queue(manager, 1000);
    const auto name = naming(manager.get_or_create("named", triune::BufferConfig::for_edges()));
    std::size_t sum = 0;
    for (auto& each : jobs) sum += each();
    std::printf("%zu %s\n", sum, name().c_str());

    // A buffer that an object owns is captured as it was.
    triune::UntypedBuffer own = triune::default_manager().make_untyped("own", triune::BufferConfig::for_edges());
    const auto grow = [&own] { own.reserve(3); };
    grow();
    std::printf("%zu\n", own.capacity_bytes());
}
