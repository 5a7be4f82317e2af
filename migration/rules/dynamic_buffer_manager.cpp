// SPDX-License-Identifier: Apache-2.0
#include "rules/rule.hpp"

namespace migrate {

// Module 2: named untyped buffers that grow.
const std::vector<Rule>& dynamic_buffer_manager_rules() {
    using enum EditKind;
    static const std::vector<Rule> rules = {
        {"TRIUNE2000", "dynamic_buffer_manager", "gpu/dynamic_buffer_manager.hpp",
         "#include \"gpu/dynamic_buffer_manager.hpp\"", "#include <triune/triune.hpp>", "As TRIUNE1000.",
         "As TRIUNE1000."},
        {"TRIUNE2001",
         "dynamic_buffer_manager",
         "",
         "gpu::BufferConfig c; c.bytes_per_node = 16;",
         "triune::BufferConfig c{64, 1.5F, std::size_t{1} << 30, 1024}; c.bytes_per_element = 16;",
         "The presets keep their names and figures. The defaults of a plain BufferConfig differ, so wherever the "
         "legacy "
         "ones would have been used they are spelled out.",
         "Refused (default-config) where a default-made object is hidden inside another expression.",
         {{"gpu::BufferConfig", config_class, "BufferConfig"},
          {"gpu::BufferConfig::bytes_per_node", rename, "bytes_per_element"},
          {"gpu::BufferConfig::growth_factor", keep, "growth_factor", false},
          {"gpu::BufferConfig::max_size_bytes", keep, "max_size_bytes", false},
          {"gpu::BufferConfig::min_size_bytes", keep, "min_size_bytes", false},
          {"gpu::BufferConfig::for_positions", keep, "for_positions", false},
          {"gpu::BufferConfig::for_velocities", keep, "for_velocities", false},
          {"gpu::BufferConfig::for_forces", keep, "for_forces", false},
          {"gpu::BufferConfig::for_edges", keep, "for_edges", false},
          {"gpu::BufferConfig::for_grid_cells", keep, "for_grid_cells", false}}},
        {"TRIUNE2002",
         "dynamic_buffer_manager",
         "",
         "gpu::BufferStats s = b.get_stats(); s.used_bytes;",
         "triune::BufferStats s = b.stats(); s.allocated_bytes;",
         "The same figures; the bytes in use are called allocated_bytes.",
         "",
         {{"gpu::BufferStats", rename_scoped, "BufferStats"},
          {"gpu::BufferStats::name", keep, "name", false},
          {"gpu::BufferStats::capacity_bytes", keep, "capacity_bytes", false},
          {"gpu::BufferStats::used_bytes", rename, "allocated_bytes", false},
          {"gpu::BufferStats::utilization", keep, "utilization", false}}},
        {"TRIUNE2003",
         "dynamic_buffer_manager",
         "",
         "gpu::DynamicBufferManager m(handler); auto& b = m.get_or_create_buffer(\"b\", config);",
         "triune::GpuMemoryManager m; auto b = m.get_or_create(\"b\", config);",
         "The manager needs no error handler: the argument is dropped, and its variable with it when nothing else uses "
         "it. Buffers are held by light handles, by value, in place of references. The new manager enforces its 6 GiB "
         "limit where the legacy one only warned.",
         "Refused (side-effects) where the dropped argument can have side effects; (pointer) where a pointer to a "
         "buffer "
         "is kept.",
         {{"gpu::DynamicBufferManager", manager_class, "GpuMemoryManager"},
          {"gpu::DynamicBufferManager::get_or_create_buffer", handle_call, "get_or_create"},
          {"gpu::DynamicBufferManager::resize_cell_buffers", to_free, "resize_cell_buffers"},
          {"gpu::DynamicBufferManager::get_all_stats", rename, "buffer_stats"},
          {"gpu::DynamicBufferManager::get_total_allocation", rename, "total_allocated_bytes"},
          {"gpu::DynamicBufferManager::can_allocate", keep, "can_allocate", false},
          {"gpu::DynamicBufferManager::cleanup_unused_buffers", rename, "free_unused"}}},
        {"TRIUNE2004",
         "dynamic_buffer_manager",
         "",
         "gpu::DynamicGpuBuffer b(\"b\", config, handler); b.ensure_capacity(n); b.as_ptr();",
         "auto b = triune::default_manager().make_untyped(\"b\", config); b.reserve(n); b.data();",
         "A buffer of its own is made by the default manager; a reference to one becomes a handle held by value.",
         "Refused (pointer) for pointers to buffers, (side-effects) where the dropped error handler is made by a call "
         "with side effects, (address-taken) where ensure_capacity is named without being called.",
         {{"gpu::DynamicGpuBuffer", untyped_owner, "UntypedBuffer"},
          {"gpu::DynamicGpuBuffer::ensure_capacity", rename, "reserve", false, {}, false, false, true},
          {"gpu::DynamicGpuBuffer::as_ptr", rename, "data", false},
          {"gpu::DynamicGpuBuffer::set_size", rename, "set_size_bytes", false},
          {"gpu::DynamicGpuBuffer::capacity_bytes", keep, "capacity_bytes", false},
          {"gpu::DynamicGpuBuffer::size_bytes", keep, "size_bytes", false},
          {"gpu::DynamicGpuBuffer::is_allocated", keep, "is_allocated", false},
          {"gpu::DynamicGpuBuffer::name", keep, "name", false},
          {"gpu::DynamicGpuBuffer::get_stats", rename, "stats", false}}},
    };
    return rules;
}

}  // namespace migrate
