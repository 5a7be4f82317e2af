#include <triune/triune.hpp>

#include <cstdio>

int main() {
    triune::GpuMemoryManager manager;
    triune::Stream stream;
    auto positions = manager.allocate<float>("positions", 1000, triune::BufferConfig::for_positions());
    positions.ensure_capacity(5000);
    manager.start_async_download<float>("positions", stream.handle());
    const triune::HostView<float> now = manager.wait_for_download<float>("positions");
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i] != 0.0F) {
            std::printf("element %zu is not zero\n", i);
            return 1;
        }
    }
    manager.free("positions");
    return now.size() == 5000 && manager.check_leaks().empty() ? 0 : 1;
}
