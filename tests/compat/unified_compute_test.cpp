// SPDX-License-Identifier: Apache-2.0
#include "facades.hpp"
#include "graph_arrays.hpp"

BOOST_FIXTURE_TEST_SUITE(unified_compute, Facades)

using utils::CudaError;
using utils::UnifiedGPUCompute;

BOOST_AUTO_TEST_CASE(just_what_was_asked_for_is_allocated_zeroed_and_mass_is_one) {
    const UnifiedGPUCompute graph(5, 7);
    for (const auto* array : {&graph.pos_in_x, &graph.pos_in_y, &graph.pos_in_z, &graph.vel_in_x, &graph.vel_in_y,
                              &graph.vel_in_z, &graph.pos_out_x, &graph.pos_out_y, &graph.pos_out_z, &graph.vel_out_x,
                              &graph.vel_out_y, &graph.vel_out_z}) {
        BOOST_TEST(all_of(*array) == Floats(5, 0.0F), boost::test_tools::per_element());
    }
    BOOST_TEST(all_of(graph.mass) == Floats(5, 1.0F), boost::test_tools::per_element());
    BOOST_TEST(all_of(graph.edge_row_offsets) == Integers(6, 0), boost::test_tools::per_element());
    BOOST_TEST(graph.edge_col_indices.len() == 7U);
    BOOST_TEST(all_of(graph.edge_weights) == Floats(7, 0.0F), boost::test_tools::per_element());
    BOOST_TEST(manager.total_allocated_bytes() == 4U * (13 * 5 + 6 + 14));
    const UnifiedGPUCompute empty(0, 0);
    BOOST_TEST(empty.edge_row_offsets.len() == 1U);
}

BOOST_AUTO_TEST_CASE(a_graph_waits_for_the_device_once_when_it_is_made_and_pins_nothing) {
    const auto waits = device.calls(triune::Verb::stream_synchronize);
    const auto pinned = device.calls(triune::Verb::pinned_allocate);
    const UnifiedGPUCompute graph(1000, 1000);
    BOOST_TEST(device.calls(triune::Verb::stream_synchronize) == waits + 1);
    BOOST_TEST(device.calls(triune::Verb::pinned_allocate) == pinned);
}

BOOST_AUTO_TEST_CASE(other_buffers_made_after_a_graph_wait_for_themselves_again) {
    const UnifiedGPUCompute graph(10, 10);
    const auto waits = device.calls(triune::Verb::stream_synchronize);
    const auto array = utils::DeviceBuffer<float>::zeroed(10);
    BOOST_TEST(device.calls(triune::Verb::stream_synchronize) == waits + 1);
    device.fail(triune::Verb::fill, 3, 719);
    BOOST_TEST(code_of([] { UnifiedGPUCompute(100, 100); }) == CudaError::LaunchFailure);
    const auto waits_now = device.calls(triune::Verb::stream_synchronize);
    const auto after = utils::DeviceBuffer<float>::zeroed(10);
    BOOST_TEST(device.calls(triune::Verb::stream_synchronize) == waits_now + 1);
}

BOOST_AUTO_TEST_CASE(uploads_reach_the_in_arrays_and_blocking_answers_read_them) {
    UnifiedGPUCompute graph(4, 0);
    graph.upload_positions(ramp(4, 0), ramp(4, 10), ramp(4, 20));
    graph.upload_velocities(ramp(4, 30), ramp(4, 40), ramp(4, 50));
    BOOST_TEST((graph.get_node_positions() == utils::NodeVectors{ramp(4, 0), ramp(4, 10), ramp(4, 20)}));
    BOOST_TEST((graph.get_node_velocities() == utils::NodeVectors{ramp(4, 30), ramp(4, 40), ramp(4, 50)}));
    BOOST_TEST(all_of(graph.pos_in_y) == ramp(4, 10), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(uploads_of_another_length_are_invalid_and_write_nothing) {
    UnifiedGPUCompute graph(3, 2);
    const Floats ones(3, 1.0F), two(2, 2.0F), four(4, 4.0F);
    BOOST_TEST(code_of([&] { graph.upload_positions(ones, ones, two); }) == CudaError::InvalidValue);
    BOOST_TEST(code_of([&] { graph.upload_positions(ones, four, ones); }) == CudaError::InvalidValue);
    BOOST_TEST(code_of([&] { graph.upload_velocities(two, ones, ones); }) == CudaError::InvalidValue);
    BOOST_TEST((graph.get_node_positions() == three(3, 0)));
    BOOST_TEST((graph.get_node_velocities() == three(3, 0)));
}

BOOST_AUTO_TEST_CASE(edges_are_checked_against_nodes_each_other_and_what_is_allocated) {
    UnifiedGPUCompute graph(2, 3);
    const Integers offsets{0, 1, 2}, short_offsets{0, 1};
    BOOST_TEST(code_of([&] { graph.upload_edges_csr(short_offsets, {1}, {1}); }) == CudaError::InvalidValue);
    BOOST_TEST(code_of([&] { graph.upload_edges_csr(offsets, {1, 0}, {1}); }) == CudaError::InvalidValue);
    BOOST_TEST(code_of([&] { graph.upload_edges_csr(offsets, {1, 0, 1, 0}, Floats(4)); }) == CudaError::InvalidValue);
    BOOST_TEST(graph.num_edges == 3U);
    graph.upload_edges_csr(offsets, {1, 0}, {0.5F, 0.25F});
    BOOST_TEST(graph.num_edges == 2U);
    BOOST_TEST(all_of(graph.edge_col_indices) == (Integers{1, 0, 0}), boost::test_tools::per_element());
    BOOST_TEST(all_of(graph.edge_row_offsets) == offsets, boost::test_tools::per_element());
    graph.upload_edges_csr({0, 0, 0}, {}, {});
    BOOST_TEST(graph.num_edges == 0U);
}

BOOST_AUTO_TEST_CASE(blocking_answers_wait_for_work_queued_on_the_compute_stream) {
    UnifiedGPUCompute graph(64, 0);
    BOOST_TEST(device.fill(graph.pos_in_x.as_device_ptr(), 0x40400000, 4, 64, graph.stream().handle()).ok());
    BOOST_TEST(std::get<0>(graph.get_node_positions()) == Floats(64, 3.0F), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(swapping_exchanges_in_and_out) {
    UnifiedGPUCompute graph(2, 0);
    graph.upload_positions({1, 2}, {3, 4}, {5, 6});
    graph.upload_velocities({7, 8}, {9, 10}, {11, 12});
    const float* const out = graph.pos_out_z.as_device_ptr();
    graph.swap_buffers();
    BOOST_TEST(graph.pos_in_z.as_device_ptr() == out);
    BOOST_TEST((graph.get_node_positions() == three(2, 0)));
    BOOST_TEST(all_of(graph.vel_out_z) == (Floats{11, 12}), boost::test_tools::per_element());
    graph.swap_buffers();
    BOOST_TEST(std::get<2>(graph.get_node_positions()) == (Floats{5, 6}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(metrics_count_bytes_in_use_their_share_and_the_resizes_that_allocated) {
    UnifiedGPUCompute graph(10, 20);
    BOOST_TEST((graph.get_memory_metrics() == std::make_tuple(std::size_t{4 * (130 + 11 + 40)}, 1.0F, std::size_t{0})));
    graph.resize_buffers(5, 20);
    const auto [used, share, resizes] = graph.get_memory_metrics();
    BOOST_TEST(used == 4U * (65 + 6 + 40));
    BOOST_TEST(share == static_cast<float>(4 * 111) / static_cast<float>(4 * 181));
    BOOST_TEST(resizes == 0U);
    graph.resize_buffers(11, 21);
    BOOST_TEST(std::get<2>(graph.get_memory_metrics()) == 1U);
}

BOOST_AUTO_TEST_CASE(a_subclass_uses_the_arrays_as_its_own_members) {
    struct Engine : UnifiedGPUCompute {
        using UnifiedGPUCompute::UnifiedGPUCompute;
        void execute_physics_step(triune::Device& on) {
            BOOST_TEST(on.copy(pos_out_x.as_device_ptr(), mass.as_device_ptr(), 4 * num_nodes, stream().handle()).ok());
            stream().synchronize();
            swap_buffers();
        }
    };
    const auto engine = std::make_unique<Engine>(3, 0);
    engine->execute_physics_step(device);
    BOOST_TEST(std::get<0>(engine->get_node_positions()) == Floats(3, 1.0F), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_graph_that_cannot_be_made_leaves_nothing) {
    for (std::uint64_t nth = 1; nth <= 16; ++nth) {
        device.fail(triune::Verb::fill, nth, 719);
        BOOST_TEST(code_of([] { UnifiedGPUCompute(100, 100); }) == CudaError::LaunchFailure);
        device.clear_failures();
        BOOST_TEST(manager.total_allocated_bytes() == 0U);
    }
    device.fail(triune::Verb::event_create, 1, 2);
    BOOST_TEST(code_of([] { UnifiedGPUCompute(std::size_t{1} << 60, 0); }) == CudaError::OutOfMemory);
    device.clear_failures();
}

BOOST_AUTO_TEST_SUITE_END()
