// SPDX-License-Identifier: Apache-2.0
// CUDA graphs: a captured kernel works on a buffer that grows in place, so the graph stays valid. Needs a GPU.
#include <cuda_runtime_api.h>

#include <cstdlib>
#include <iostream>

#include <triune/triune.hpp>

namespace {

constexpr int threads = 256;

__global__ void add_one(float* values, int count) {
    const int i = static_cast<int>(blockIdx.x) * threads + static_cast<int>(threadIdx.x);
    if (i < count) values[i] += 1;
}

}  // namespace

int main() {
    setenv("TRIUNE_GRAPH_CAPTURE", "1", 1);  // says that this program captures graphs; read when the device is opened
    if (triune::default_device_kind() != triune::DeviceKind::cuda) {
        std::cout << "skipped: graphs need a GPU\n";
        return 77;
    }
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    triune::BufferConfig config = triune::BufferConfig::for_positions();
    config.stable_address = true;  // the graph has the address in it
    const auto values = manager.allocate<float>("values", 1000, config);

    const auto raw = static_cast<cudaStream_t>(stream.handle());
    cudaGraph_t graph = nullptr;
    cudaGraphExec_t step = nullptr;
    if (cudaStreamBeginCapture(raw, cudaStreamCaptureModeGlobal) != cudaSuccess) return 1;
    add_one<<<4, threads, 0, raw>>>(values.data(), 1000);
    if (cudaStreamEndCapture(raw, &graph) != cudaSuccess) return 1;
    if (cudaGraphInstantiate(&step, graph, 0) != cudaSuccess) return 1;

    float newest = 0;
    for (int frame = 1; frame <= 10; ++frame) {
        if (frame == 6) values.ensure_capacity(1'000'000, stream.handle());  // in place
        if (cudaGraphLaunch(step, raw) != cudaSuccess) return 1;
        values.start_async_download(stream.handle());
        newest = values.wait_for_download()[999];
    }
    std::cout << "after 10 replays the values are " << newest << '\n';
    cudaGraphExecDestroy(step);
    cudaGraphDestroy(graph);
    return newest == 10 ? 0 : 1;
}
