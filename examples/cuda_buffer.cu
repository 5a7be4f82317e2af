// SPDX-License-Identifier: Apache-2.0
// cuda::buffer: CCCL's container draws from the manager's pool, in its limit and on its stream. Needs CCCL 3.2 or newer.
#include <triune/resource/pool_resource.hpp>
#include <triune/triune.hpp>

#include <cuda/buffer>
#include <cuda/devices>
#include <cuda/stream>
#include <iostream>
#include <new>

int main() {
    constexpr std::size_t count = 1000;
    auto manager = triune::GpuMemoryManager::with_limit(1 << 20);
    triune::PoolResource resource(manager, "residuals");
    const cuda::stream stream{cuda::devices[0]};
    std::size_t used = 0;
    bool refused = false;
    {
        const auto residuals = cuda::make_buffer<float>(stream, resource, count, 0.5F);
        used = manager.total_allocated_bytes();
        try {
            const auto too_big = cuda::make_buffer<float>(stream, resource, count * count, cuda::no_init);
        } catch (const std::bad_alloc& error) {  // with the sentence of the library's own error
            std::cout << error.what() << '\n';
            refused = true;
        }
        float last = 0;
        cudaMemcpyAsync(&last, residuals.data() + count - 1, sizeof last, cudaMemcpyDeviceToHost, stream.get());
        stream.sync();
        std::cout << "the last of " << residuals.size() << " is " << last << '\n';
        refused = refused && last == 0.5F;
    }
    std::cout << used << " bytes in use, then " << resource.account().drawn_bytes() << '\n';
    return used == count * sizeof(float) && refused && resource.account().drawn_bytes() == 0 ? 0 : 1;
}
