// SPDX-License-Identifier: Apache-2.0
// Deprecated: legacy module 2 of 3, named buffers that grow. Use <triune/triune.hpp>.
#pragma once

#include "utils/cuda_error_handling.hpp"
#include "utils/triune_deprecation.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

TRIUNE_QUIET_BEGIN

namespace gpu {

struct TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2001", "triune::BufferConfig") BufferConfig {
    std::size_t bytes_per_node = 64;
    float growth_factor = 1.5F;
    std::size_t max_size_bytes = std::size_t{1024} * 1024 * 1024;
    std::size_t min_size_bytes = 1024;

    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2001", "triune::BufferConfig::for_positions()")
    static BufferConfig for_positions();   // 12 B, x1.3, at most  512 MiB, at least 4096 B
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2001", "triune::BufferConfig::for_velocities()")
    static BufferConfig for_velocities();  // 12 B, x1.3, at most  512 MiB, at least 4096 B
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2001", "triune::BufferConfig::for_forces()")
    static BufferConfig for_forces();      // 12 B, x1.3, at most  512 MiB, at least 4096 B
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2001", "triune::BufferConfig::for_edges()")
    static BufferConfig for_edges();       // 32 B, x2.0, at most 2048 MiB, at least 8192 B
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2001", "triune::BufferConfig::for_grid_cells()")
    static BufferConfig for_grid_cells();  //  8 B, x1.5, at most  256 MiB, at least 2048 B
};

struct TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2002", "triune::BufferStats") BufferStats {
    std::string name;
    std::size_t capacity_bytes;
    std::size_t used_bytes;
    float utilization;  // used / capacity, 0 where nothing is allocated
};

class TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer") DynamicGpuBuffer {
public:
    DynamicGpuBuffer(std::string name, BufferConfig config, std::shared_ptr<utils::CudaErrorHandler> error_handler);
    ~DynamicGpuBuffer();
    DynamicGpuBuffer(DynamicGpuBuffer&& other) noexcept;
    DynamicGpuBuffer& operator=(DynamicGpuBuffer&& other) noexcept;

    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer::reserve(n)")
    void ensure_capacity(std::size_t required_elements);  // throws std::runtime_error
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer::data()")
    void* as_ptr() const noexcept;                        // null until allocated
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer::capacity_bytes()")
    std::size_t capacity_bytes() const noexcept;
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer::size_bytes()")
    std::size_t size_bytes() const noexcept;
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer::set_size_bytes(bytes)")
    void set_size(std::size_t size_bytes) noexcept;  // clamped to the capacity
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer::is_allocated()")
    bool is_allocated() const noexcept;
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer::stats()")
    BufferStats get_stats() const;
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2004", "triune::UntypedBuffer::name()")
    const std::string& name() const noexcept;

private:
    struct Impl;
    Impl* impl_;
};

class TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2003", "triune::GpuMemoryManager") DynamicBufferManager {
public:
    explicit DynamicBufferManager(std::shared_ptr<utils::CudaErrorHandler> error_handler);
    ~DynamicBufferManager();
    DynamicBufferManager(const DynamicBufferManager&) = delete;
    DynamicBufferManager& operator=(const DynamicBufferManager&) = delete;

    // The reference stays valid until the buffer is cleaned up or the manager dies.
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2003", "triune::GpuMemoryManager::get_or_create(name, config)")
    DynamicGpuBuffer& get_or_create_buffer(const std::string& name, const BufferConfig& config);
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2003", "triune::resize_cell_buffers(manager, n)")
    void resize_cell_buffers(std::size_t num_nodes);  // throws std::runtime_error
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2003", "triune::GpuMemoryManager::buffer_stats()")
    std::vector<BufferStats> get_all_stats() const;
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2003", "triune::GpuMemoryManager::total_allocated_bytes()")
    std::size_t get_total_allocation() const noexcept;
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2003", "triune::GpuMemoryManager::can_allocate(bytes)")
    bool can_allocate(std::size_t additional_bytes) const noexcept;  // against 6 GiB
    TRIUNE_DEPRECATED_DYNAMIC_BUFFER_MANAGER("2003", "triune::GpuMemoryManager::free_unused()")
    void cleanup_unused_buffers();

private:
    struct Impl;
    Impl* impl_;
};

}  // namespace gpu

TRIUNE_QUIET_END
