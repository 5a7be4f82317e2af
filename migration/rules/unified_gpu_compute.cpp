// SPDX-License-Identifier: Apache-2.0
#include "rules/rule.hpp"

namespace migrate {

// Module 3: the node and edge arrays of a graph, with their downloads.
const std::vector<Rule>& unified_gpu_compute_rules() {
    using enum EditKind;
    static const std::vector<Rule> rules = {
        {"TRIUNE3000", "unified_gpu_compute", "utils/unified_gpu_compute.hpp",
         "#include \"utils/unified_gpu_compute.hpp\"", "#include <triune/triune.hpp>", "As TRIUNE1000.",
         "As TRIUNE1000."},
        {"TRIUNE3001",
         "unified_gpu_compute",
         "",
         "class Layout : public utils::UnifiedGPUCompute {};",
         "class Layout : public triune::GraphArrays {};",
         "The base class, its public arrays and its streams keep their meaning. Calls that returned copies of a "
         "finished "
         "snapshot return views now, so the copy is asked for: get_node_positions_async() becomes "
         "latest_positions().to_vectors(), and wait_for_download_positions() becomes "
         "wait_for_positions().to_vectors().",
         "Refused (address-taken) where a method that needs more than another name is named without being called.",
         {{"utils::UnifiedGPUCompute", rename_scoped, "GraphArrays"},
          {"utils::UnifiedGPUCompute::pos_in_x", keep, "pos_in_x"},
          {"utils::UnifiedGPUCompute::pos_in_y", keep, "pos_in_y"},
          {"utils::UnifiedGPUCompute::pos_in_z", keep, "pos_in_z"},
          {"utils::UnifiedGPUCompute::vel_in_x", keep, "vel_in_x"},
          {"utils::UnifiedGPUCompute::vel_in_y", keep, "vel_in_y"},
          {"utils::UnifiedGPUCompute::vel_in_z", keep, "vel_in_z"},
          {"utils::UnifiedGPUCompute::pos_out_x", keep, "pos_out_x"},
          {"utils::UnifiedGPUCompute::pos_out_y", keep, "pos_out_y"},
          {"utils::UnifiedGPUCompute::pos_out_z", keep, "pos_out_z"},
          {"utils::UnifiedGPUCompute::vel_out_x", keep, "vel_out_x"},
          {"utils::UnifiedGPUCompute::vel_out_y", keep, "vel_out_y"},
          {"utils::UnifiedGPUCompute::vel_out_z", keep, "vel_out_z"},
          {"utils::UnifiedGPUCompute::mass", keep, "mass", false},
          {"utils::UnifiedGPUCompute::edge_row_offsets", keep, "edge_row_offsets"},
          {"utils::UnifiedGPUCompute::edge_col_indices", keep, "edge_col_indices"},
          {"utils::UnifiedGPUCompute::edge_weights", keep, "edge_weights", false},
          {"utils::UnifiedGPUCompute::num_nodes", keep, "num_nodes", false},
          {"utils::UnifiedGPUCompute::num_edges", keep, "num_edges", false},
          {"utils::UnifiedGPUCompute::stream", keep, "stream", false},
          {"utils::UnifiedGPUCompute::swap_buffers", keep, "swap_buffers", false, {}, false, true},
          {"utils::UnifiedGPUCompute::resize_buffers", rename, "resize", true, {}, false, false, true},
          {"utils::UnifiedGPUCompute::upload_positions", keep, "upload_positions", false, {}, true},
          {"utils::UnifiedGPUCompute::upload_velocities", keep, "upload_velocities", false, {}, true},
          {"utils::UnifiedGPUCompute::upload_edges_csr", rename, "upload_edges", true, {}, true},
          {"utils::UnifiedGPUCompute::get_node_positions", handle_call, "download_positions"},
          {"utils::UnifiedGPUCompute::get_node_velocities", handle_call, "download_velocities"},
          {"utils::UnifiedGPUCompute::get_node_positions_async", append, "latest_positions", true, "to_vectors()"},
          {"utils::UnifiedGPUCompute::get_node_velocities_async", append, "latest_velocities", true, "to_vectors()"},
          {"utils::UnifiedGPUCompute::start_async_download_positions", rename, "start_positions_download"},
          {"utils::UnifiedGPUCompute::start_async_download_velocities", rename, "start_velocities_download"},
          {"utils::UnifiedGPUCompute::wait_for_download_positions", append, "wait_for_positions", true, "to_vectors()"},
          {"utils::UnifiedGPUCompute::wait_for_download_velocities", append, "wait_for_velocities", true,
           "to_vectors()"},
          {"utils::UnifiedGPUCompute::sync_all_transfers", rename, "wait_for_downloads"},
          {"utils::UnifiedGPUCompute::get_memory_metrics", rename, "memory_metrics"}}},
        {"TRIUNE3002",
         "unified_gpu_compute",
         "",
         "utils::NodeVectors v = layout.get_node_positions();",
         "triune::NodeVectors v = layout.download_positions();",
         "The same tuple of three vectors.",
         "",
         {{"utils::NodeVectors", rename_scoped, "NodeVectors"}}},
    };
    return rules;
}

}  // namespace migrate
