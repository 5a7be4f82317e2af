// SPDX-License-Identifier: Apache-2.0
// What stands behind a DynamicGpuBuffer, for the manager that grows several at once.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <triune/base/units.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/track/memory_limit.hpp>

#include "gpu/dynamic_buffer_manager.hpp"

namespace triune::compat {

// The capacities of one legacy manager's buffers. Buffers share it with their manager, since they are grown through
// references on any thread.
struct Holdings {
    static constexpr std::size_t limit_bytes = 6 * GiB;
    MemoryLimit capacities{limit_bytes};
};

struct GrowingBuffer {
    GrowingBuffer(std::string name, const gpu::BufferConfig& legacy_config,
                  std::shared_ptr<utils::CudaErrorHandler> handler);
    GrowingBuffer(const GrowingBuffer&) = delete;
    GrowingBuffer& operator=(const GrowingBuffer&) = delete;
    ~GrowingBuffer();

    // Bytes of so many elements. Throws invalid_argument where that overflows.
    std::size_t bytes_of(std::size_t elements) const;
    // Enters a growth in the manager's holdings; a warning is logged where that ends past the limit.
    void note_growth();

    const BufferReference state;
    const gpu::BufferConfig config;
    const std::shared_ptr<utils::CudaErrorHandler> error_handler;  // kept alive as the original did
    std::shared_ptr<Holdings> holdings;                            // null for a buffer that no manager made

  private:
    std::size_t noted_ = 0;
};

// `buffer` is not moved from.
GrowingBuffer& behind(gpu::DynamicGpuBuffer& buffer) noexcept;

}  // namespace triune::compat
