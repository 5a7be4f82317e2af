// SPDX-License-Identifier: Apache-2.0
#include "facades.hpp"
#include "graph_arrays.hpp"

BOOST_FIXTURE_TEST_SUITE(graph_resize, Facades)

using utils::CudaError;
using utils::UnifiedGPUCompute;

BOOST_AUTO_TEST_CASE(the_first_nodes_keep_their_contents_and_new_ones_are_zero_with_mass_one) {
    UnifiedGPUCompute graph(4, 2);
    graph.upload_positions(ramp(4, 1), ramp(4, 11), ramp(4, 21));
    graph.mass.copy_from({2, 3, 4, 5});
    graph.upload_edges_csr({0, 1, 1, 2, 2}, {3, 0}, {0.5F, 0.25F});
    graph.resize_buffers(6, 5);
    BOOST_TEST(graph.num_nodes == 6U);
    BOOST_TEST(graph.num_edges == 5U);
    BOOST_TEST(std::get<0>(graph.get_node_positions()) == (Floats{1, 2, 3, 4, 0, 0}), boost::test_tools::per_element());
    BOOST_TEST(all_of(graph.mass) == (Floats{2, 3, 4, 5, 1, 1}), boost::test_tools::per_element());
    BOOST_TEST(all_of(graph.edge_row_offsets) == (Integers{0, 1, 1, 2, 2, 0, 0}), boost::test_tools::per_element());
    BOOST_TEST(all_of(graph.edge_col_indices) == (Integers{3, 0, 0, 0, 0}), boost::test_tools::per_element());
    BOOST_TEST(all_of(graph.edge_weights) == (Floats{0.5F, 0.25F, 0, 0, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(shrinking_forgets_and_allocates_nothing) {
    UnifiedGPUCompute graph(4, 3);
    graph.upload_positions(ramp(4, 1), ramp(4, 1), ramp(4, 1));
    graph.mass.copy_from({9, 9, 9, 9});
    float* const there = graph.pos_in_x.as_device_ptr();
    graph.resize_buffers(2, 1);
    BOOST_TEST(graph.pos_in_x.len() == 4U);
    BOOST_TEST(graph.pos_in_x.as_device_ptr() == there);
    BOOST_TEST(std::get<1>(graph.get_node_positions()) == (Floats{1, 2}), boost::test_tools::per_element());
    graph.resize_buffers(4, 3);
    BOOST_TEST(std::get<1>(graph.get_node_positions()) == (Floats{1, 2, 0, 0}), boost::test_tools::per_element());
    BOOST_TEST(all_of(graph.mass) == (Floats{9, 9, 1, 1}), boost::test_tools::per_element());
    BOOST_TEST(std::get<2>(graph.get_memory_metrics()) == 0U);
}

BOOST_AUTO_TEST_CASE(allocations_grow_by_half_at_least_and_never_shrink) {
    UnifiedGPUCompute graph(10, 100);
    graph.resize_buffers(11, 100);
    BOOST_TEST(graph.pos_out_z.len() == 15U);
    BOOST_TEST(graph.edge_row_offsets.len() == 16U);
    BOOST_TEST(graph.edge_weights.len() == 100U);
    graph.resize_buffers(1, 101);
    BOOST_TEST(graph.pos_out_z.len() == 15U);
    BOOST_TEST(graph.edge_col_indices.len() == 150U);
    graph.resize_buffers(40, 500);
    BOOST_TEST(graph.pos_out_z.len() == 40U);
    BOOST_TEST(graph.edge_row_offsets.len() == 41U);
    BOOST_TEST(graph.edge_weights.len() == 500U);
    BOOST_TEST(std::get<2>(graph.get_memory_metrics()) == 3U);
    BOOST_TEST(manager.total_allocated_bytes() == 4U * (13 * 40 + 41 + 1000));
}

BOOST_AUTO_TEST_CASE(a_graph_of_nothing_grows_and_one_can_be_made_nothing) {
    UnifiedGPUCompute graph(0, 0);
    graph.resize_buffers(3, 1);
    BOOST_TEST(all_of(graph.mass) == Floats(3, 1.0F), boost::test_tools::per_element());
    BOOST_TEST((graph.get_node_positions_async() == three(3, 0)));
    graph.resize_buffers(0, 0);
    BOOST_TEST((graph.get_node_positions() == three(0, 0)));
    BOOST_TEST((graph.get_node_positions_async() == three(0, 0)));
}

BOOST_AUTO_TEST_CASE(pending_downloads_are_completed_and_later_answers_have_the_new_length) {
    UnifiedGPUCompute graph(3, 0);
    graph.upload_positions({1, 2, 3}, {4, 5, 6}, {7, 8, 9});
    graph.start_async_download_positions();
    graph.resize_buffers(5, 0);
    BOOST_TEST(
        (graph.wait_for_download_positions() == utils::NodeVectors{{1, 2, 3, 0, 0}, {4, 5, 6, 0, 0}, {7, 8, 9, 0, 0}}));
    BOOST_TEST((graph.get_node_velocities_async() == three(5, 0)));
    graph.resize_buffers(2, 0);
    BOOST_TEST((graph.get_node_positions_async() == utils::NodeVectors{{1, 2}, {4, 5}, {7, 8}}));
    graph.sync_all_transfers();
    BOOST_TEST((graph.get_node_positions_async() == utils::NodeVectors{{1, 2}, {4, 5}, {7, 8}}));
}

BOOST_AUTO_TEST_CASE(queued_work_still_finds_the_arrays_that_it_was_given) {
    UnifiedGPUCompute graph(100, 0);
    BOOST_TEST(device.fill(graph.pos_in_x.as_device_ptr(), 0x3F800000, 4, 100, graph.stream().handle()).ok());
    graph.resize_buffers(200, 0);
    Floats expected(200, 0.0F);
    std::fill_n(expected.begin(), 100, 1.0F);
    BOOST_TEST(std::get<0>(graph.get_node_positions()) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_failed_resize_leaves_the_graph_as_it_was) {
    UnifiedGPUCompute graph(4, 2);
    graph.upload_positions(ramp(4, 1), ramp(4, 2), ramp(4, 3));
    graph.start_async_download_positions();
    const std::size_t total = manager.total_allocated_bytes();
    const auto unchanged = [&] {
        BOOST_TEST(graph.num_nodes == 4U);
        BOOST_TEST(graph.num_edges == 2U);
        BOOST_TEST(graph.pos_in_x.len() == 4U);
        BOOST_TEST(graph.edge_weights.len() == 2U);
        BOOST_TEST((graph.get_node_positions() == utils::NodeVectors{ramp(4, 1), ramp(4, 2), ramp(4, 3)}));
        BOOST_TEST(all_of(graph.mass) == Floats(4, 1.0F), boost::test_tools::per_element());
        BOOST_TEST(std::get<2>(graph.get_memory_metrics()) == 0U);
        BOOST_TEST(manager.total_allocated_bytes() == total);
    };
    int failures = 0;
    for (const auto verb : {triune::Verb::fill, triune::Verb::copy_on_device, triune::Verb::stream_synchronize,
                            triune::Verb::event_create, triune::Verb::event_record_device}) {
        for (std::uint64_t nth = 1; nth < 40; ++nth) {
            // Cleared right after, so that the questions below meet no failure.
            device.fail(verb, nth, 719);
            const bool failed = code_of([&] { graph.resize_buffers(5, 3); }) != CudaError::Success;
            device.clear_failures();
            if (!failed) break;
            ++failures;
            unchanged();
        }
        if (graph.num_nodes == 5) break;
    }
    BOOST_TEST(failures > 16);
    BOOST_TEST(code_of([&] { UnifiedGPUCompute(2, 2).resize_buffers(std::size_t{1} << 61, 2); }) ==
               CudaError::OutOfMemory);
    BOOST_TEST(code_of([&] { UnifiedGPUCompute(2, 2).resize_buffers(~std::size_t{0}, 2); }) == CudaError::OutOfMemory);
    BOOST_TEST(code_of([&] { UnifiedGPUCompute(2, 2).resize_buffers(2, ~std::size_t{0}); }) == CudaError::OutOfMemory);
}

BOOST_AUTO_TEST_SUITE_END()
