// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <memory>
#include <stdexcept>
#include <thread>

namespace {

// Made before main, destroyed after it.
utils::ManagedDeviceBuffer<float> early = utils::create_managed_buffer<float>(100, "early");
utils::UnifiedGPUCompute graph(10, 10);
gpu::DynamicBufferManager buffers(nullptr);
utils::MultiStreamManager streams;
utils::LabelMappingCache labels;
const auto guard = std::make_shared<utils::CudaMemoryGuard>(16, "guard", utils::get_global_cuda_error_handler());

}  // namespace

void lifetimes(std::ostream& out) {
    out << early.size_bytes() << ' ' << utils::get_gpu_memory_usage().first << '\n';
    buffers.get_or_create_buffer("late", {}).ensure_capacity(1000);
    graph.start_async_download_positions();
    std::thread([] {
        auto made = std::make_unique<utils::UnifiedGPUCompute>(5, 5);
        made->start_async_download_velocities();
        std::thread([gone = std::move(made)]() mutable { gone.reset(); }).join();
    }).join();
    try {
        const auto unwound = utils::create_managed_buffer<int>(7, "unwound");
        utils::UnifiedGPUCompute pending(100, 0);
        pending.get_node_positions_async();
        throw std::runtime_error("unwinding");
    } catch (const std::runtime_error& error) {
        out << error.what() << ' ' << utils::get_gpu_memory_usage().first << '\n';
    }
    // Never destroyed.
    new utils::ManagedDeviceBuffer<float>(utils::create_managed_buffer<float>(3, "forever"));
    auto* const forever = new utils::UnifiedGPUCompute(1000, 1000);
    forever->start_async_download_positions();
    const auto waiting = std::make_shared<std::future<void>>(streams.synchronize_async());
    out << utils::get_gpu_memory_usage().first << '\n';
}
