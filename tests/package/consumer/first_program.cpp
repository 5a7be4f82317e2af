// SPDX-License-Identifier: Apache-2.0
#include <triune/triune.hpp>

#include <iostream>

int main() {
    triune::GpuMemoryManager manager;  // 6 GiB limit, current device
    auto positions = manager.allocate<float>("positions", 1000, triune::BufferConfig::for_positions());
    positions.ensure_capacity(5000);  // contents are kept, new elements are zero

    const triune::Stream stream;  // or a cudaStream_t of your own, for the kernels on positions.data()
    // Delivers the contents after the work queued on the stream by now. Never blocks.
    manager.start_async_download<float>("positions", stream.handle());
    /* ... other work ... */
    // A view of pinned memory, not a copy.
    const triune::HostView<float> now = manager.wait_for_download<float>("positions");
    std::cout << now.size() << " positions, the last is " << now[now.size() - 1] << '\n';

    manager.free("positions");
}
