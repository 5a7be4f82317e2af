// SPDX-License-Identifier: Apache-2.0
// Free functions and different objects on all threads at once; label cache and error handler shared by all.
#include "client.hpp"
#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace {

int wrong_on(int number, utils::LabelMappingCache& cache, utils::CudaErrorHandler& handler) {
    int wrong = 0;
    const std::string name = "thread " + std::to_string(number);
    utils::UnifiedGPUCompute graph(100, 10);
    gpu::DynamicBufferManager buffers(nullptr);
    for (int round = 0; round < 30; ++round) {
        const auto value = static_cast<float>(number * 100 + round);
        const auto managed = utils::create_managed_buffer_from_slice(std::vector<float>(500, value), name);
        std::vector<float> read(500);
        managed.as_device_buffer().copy_to(read);
        wrong += read != std::vector<float>(500, value);
        wrong += utils::get_gpu_memory_usage().second.count(name) != 1;
        const std::vector<float> positions(graph.num_nodes, value);
        graph.upload_positions(positions, positions, positions);
        graph.start_async_download_positions();
        wrong += std::get<2>(graph.wait_for_download_positions()) != positions;
        if (round % 10 == 0) graph.resize_buffers(graph.num_nodes + 50, 10);
        buffers.get_or_create_buffer("own", {4, 1.5F, std::size_t{1} << 20, 16})
            .ensure_capacity(static_cast<std::size_t>(round) * 10);
        const auto mapped = cache.get_or_compute_mapping({round}, [](const auto& labels) { return labels; });
        wrong += mapped != utils::LabelMappingCache::Labels{round};
        handler.check_error(name);
    }
    return wrong;
}

}  // namespace

void threads(std::ostream& out) {
    utils::LabelMappingCache cache;
    utils::CudaErrorHandler handler;
    std::atomic<int> wrong{0};
    std::vector<std::thread> workers;
    for (int number = 0; number < 4; ++number) {
        workers.emplace_back([&, number] { wrong += wrong_on(number, cache, handler); });
    }
    for (std::thread& worker : workers) worker.join();
    const auto [hits, misses, rate] = cache.get_cache_stats();
    out << "wrong " << wrong << ", lookups " << hits + misses << ", errors " << handler.get_error_stats().first
        << ", left " << utils::get_gpu_memory_usage().first << ' ' << utils::check_gpu_memory_leaks().size() << '\n';
}
