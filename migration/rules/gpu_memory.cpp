#include "rule.hpp"

namespace migrate {

// Module 1: tracked buffers, leak check, streams, label cache.
const std::vector<rule>& gpu_memory_rules() {
    using enum edit_kind;
    static const std::vector<rule> rules = {
        {"TRIUNE1000", "gpu_memory", "utils/gpu_memory.hpp", "#include \"utils/gpu_memory.hpp\"",
         "#include <triune/triune.hpp>",
         "All legacy module includes of a file become one include of the new umbrella header, at the place of the first. "
         "Where the file still uses names of utils/cuda_error_handling.hpp, that header is included directly.",
         "The legacy include stays, beside the new one, where a file that sees it keeps a legacy name."},
        {"TRIUNE1001", "gpu_memory", "", "auto b = utils::create_managed_buffer<float>(n, \"b\");",
         "auto b = triune::default_manager().make_buffer<float>(\"b\", n);",
         "The default manager of the device makes a named owner that frees at scope end. The name comes first now.",
         "Refused (side-effects) where both arguments can have side effects, because exchanging them would change "
         "their order.",
         {{"utils::create_managed_buffer", swap_arguments, "default_manager().make_buffer"}}},
        {"TRIUNE1002", "gpu_memory", "", "auto b = utils::create_managed_buffer_from_slice(values, \"b\");",
         "auto b = triune::default_manager().make_buffer_from(\"b\", values);",
         "As TRIUNE1001, with the contents of a vector.",
         "Refused (side-effects) where both arguments can have side effects.",
         {{"utils::create_managed_buffer_from_slice", swap_arguments, "default_manager().make_buffer_from"}}},
        {"TRIUNE1003", "gpu_memory", "", "utils::ManagedDeviceBuffer<float>& b; b.as_device_buffer().len();",
         "triune::Buffer<float>& b; b.size();",
         "A managed buffer and the device buffer inside it are one class now: the accessors between them fall away.",
         "Refused (construct) where the object is built by its constructor instead of create_managed_buffer.",
         {{"utils::ManagedDeviceBuffer", rename_scoped, "Buffer"},
          {"utils::ManagedDeviceBuffer::as_device_buffer", drop_call, ""},
          {"utils::ManagedDeviceBuffer::as_device_buffer_mut", drop_call, ""},
          {"utils::ManagedDeviceBuffer::name", keep, "name", false},
          {"utils::ManagedDeviceBuffer::size_bytes", keep, "size_bytes", false}}},
        {"TRIUNE1004", "gpu_memory", "", "auto names = utils::check_gpu_memory_leaks();",
         "auto names = triune::default_manager().report_leaks();",
         "The same list of names, logged in the same way, from the default manager.",
         "Refused (address-taken) where the function is named without being called.",
         {{"utils::check_gpu_memory_leaks", rename_scoped, "default_manager().report_leaks"}}},
        {"TRIUNE1005", "gpu_memory", "", "auto [total, by_name] = utils::get_gpu_memory_usage();",
         "auto [total, by_name] = triune::default_manager().usage_by_name();",
         "The same pair: the sum, and bytes by name. Two live buffers of one name are added up under it.",
         "Refused (address-taken) where the function is named without being called.",
         {{"utils::get_gpu_memory_usage", rename_scoped, "default_manager().usage_by_name"}}},
        {"TRIUNE1006", "gpu_memory", "", "utils::MultiStreamManager s; s.get_compute_stream(); s.synchronize_all();",
         "triune::StreamSet s; s.compute(); s.synchronize();",
         "Three streams in one object, under shorter names. get_next_stream becomes next.", "",
         {{"utils::MultiStreamManager", rename_scoped, "StreamSet"},
          {"utils::MultiStreamManager::get_compute_stream", rename, "compute"},
          {"utils::MultiStreamManager::get_memory_stream", rename, "memory"},
          {"utils::MultiStreamManager::get_analysis_stream", rename, "analysis"},
          {"utils::MultiStreamManager::get_next_stream", rename, "next"},
          {"utils::MultiStreamManager::synchronize_all", rename, "synchronize"},
          {"utils::MultiStreamManager::synchronize_async", keep, "synchronize_async", false}}},
        {"TRIUNE1007", "gpu_memory", "",
         "utils::LabelMappingCache c; c.get_or_compute_mapping(labels, f); c.get_cache_stats();",
         "triune::LabelCache c; c.get_or_compute(labels, f); c.stats();",
         "The same cache under a shorter name; the statistics are the same tuple.", "",
         {{"utils::LabelMappingCache", rename_scoped, "LabelCache"},
          {"utils::LabelMappingCache::Labels", keep, "Labels", false},
          {"utils::LabelMappingCache::get_or_compute_mapping", rename, "get_or_compute"},
          {"utils::LabelMappingCache::get_cache_stats", rename, "stats"}}},
    };
    return rules;
}

}  // namespace migrate
