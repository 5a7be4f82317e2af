// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/gather.hpp>

#include <algorithm>

namespace triune::cuda {
namespace {

constexpr unsigned threads = 256;

// A row of blocks a piece: whether to copy or to zero is one answer for all threads of a block.
__global__ void copy_pieces(const __grid_constant__ Gather copies) {
    const CopyPiece& piece = copies.pieces[blockIdx.y];
    const auto* const from = static_cast<const uint4*>(piece.from);
    auto* const to = static_cast<uint4*>(piece.to);
    const std::size_t whole = piece.bytes / sizeof(uint4);
    const std::size_t first = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
    const std::size_t step = std::size_t{gridDim.x} * blockDim.x;
    if (from == nullptr) {
        for (std::size_t i = first; i < whole; i += step) to[i] = uint4{};
    } else {
        for (std::size_t i = first; i < whole; i += step) to[i] = from[i];
    }
    const std::size_t rest = whole * sizeof(uint4) + first;
    if (rest < piece.bytes) {
        const auto* const bytes = static_cast<const unsigned char*>(piece.from);
        static_cast<unsigned char*>(piece.to)[rest] = bytes == nullptr ? 0 : bytes[rest];
    }
}

// Before other work that waits for multiprocessors, but not before work that runs: a copy on the device takes some
// microseconds, and beside a kernel of another stream that fills the device it would begin when that ends.
int max_urgency() noexcept {
    static const int greatest = [] {
        int least = 0;
        int found = 0;
        return cudaDeviceGetStreamPriorityRange(&least, &found) == cudaSuccess ? found : 0;
    }();
    return greatest;
}

const void* entry() noexcept { return reinterpret_cast<const void*>(&copy_pieces); }

dim3 blocks_of(const Gather& copies, int multiprocessors) noexcept {
    std::size_t longest = 0;
    for (std::size_t i = 0; i < copies.count; ++i) longest = std::max(longest, copies.pieces[i].bytes);
    constexpr std::size_t bytes_a_block = threads * sizeof(uint4);
    // More blocks than run at a time are no quicker.
    const std::size_t most = static_cast<std::size_t>(multiprocessors) * 4;
    const std::size_t blocks = std::clamp<std::size_t>((longest + bytes_a_block - 1) / bytes_a_block, 1, most);
    return dim3(static_cast<unsigned>(blocks), static_cast<unsigned>(copies.count));
}

}  // namespace

cudaError_t prepare_gather() noexcept {
    cudaFuncAttributes attributes;
    return cudaFuncGetAttributes(&attributes, entry());
}

// The calls themselves answer with their error, so that nobody else's "last error" is looked at.
cudaError_t gather(const Gather& copies, int multiprocessors, cudaStream_t stream) noexcept {
    void* arguments[] = {const_cast<Gather*>(&copies)};
    cudaLaunchAttribute urgent{};
    urgent.id = cudaLaunchAttributePriority;
    urgent.val.priority = max_urgency();
    cudaLaunchConfig_t launch{};
    launch.gridDim = blocks_of(copies, multiprocessors);
    launch.blockDim = dim3(threads);
    launch.stream = stream;
    launch.attrs = &urgent;
    launch.numAttrs = 1;
    return cudaLaunchKernelExC(&launch, entry(), arguments);
}

cudaError_t add_gather(cudaGraph_t graph, const Gather& copies, int multiprocessors) noexcept {
    void* arguments[] = {const_cast<Gather*>(&copies)};  // copied by the call
    cudaKernelNodeParams kernel{};
    kernel.func = const_cast<void*>(entry());
    kernel.gridDim = blocks_of(copies, multiprocessors);
    kernel.blockDim = dim3(threads);
    kernel.kernelParams = arguments;
    cudaGraphNode_t node = nullptr;
    const cudaError_t added = cudaGraphAddKernelNode(&node, graph, nullptr, 0, &kernel);
    if (added != cudaSuccess) return added;
    cudaKernelNodeAttrValue urgent{};
    urgent.priority = max_urgency();
    return cudaGraphKernelNodeSetAttribute(node, cudaKernelNodeAttributePriority, &urgent);
}

}  // namespace triune::cuda
