// SPDX-License-Identifier: Apache-2.0
// A kernel that does several copies on the device or into pinned memory, and fills with zeroes, in one launch.
#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include <triune/device/device.hpp>

namespace triune::cuda {

struct Gather {
    static constexpr std::size_t max_pieces = 32;

    CopyPiece pieces[max_pieces];
    std::size_t count = 0;
};

// It moves 16 bytes at a time: both ends are aligned to as much, as null is. The length may be any.
inline bool can_gather(const CopyPiece& piece) noexcept {
    return (reinterpret_cast<std::uintptr_t>(piece.to) | reinterpret_cast<std::uintptr_t>(piece.from)) % 16 == 0;
}

// Loads the kernel for the current context's device. Fails where it was not built or not for such a device.
cudaError_t prepare_gather() noexcept;

// Queues the copies, at least one, on a stream of the current context, or adds them to a graph.
cudaError_t gather(const Gather& copies, int multiprocessors, cudaStream_t stream) noexcept;
cudaError_t add_gather(cudaGraph_t graph, const Gather& copies, int multiprocessors) noexcept;

}  // namespace triune::cuda
