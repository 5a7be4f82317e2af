// SPDX-License-Identifier: Apache-2.0
// The arrays of a graph: contents, resizing, downloads, metrics.
#include <boost/test/unit_test.hpp>

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <thread>
#include <tuple>
#include <vector>

#include <triune/detail/graph/graph_growth.hpp>
#include <triune/graph/graph_arrays.hpp>

#include "../../contract/gate.hpp"
#include "../manage/on_manager.hpp"

using namespace triune;

namespace {

struct OnGraph : OnManager {
    GraphArrays graph{manager, 100, 300};

    void upload_ramp(std::size_t nodes) {
        const auto ramp = ascending(nodes);
        graph.upload_positions(ramp, ramp, ramp);
        graph.upload_velocities(ramp, ramp, ramp);
    }
    std::array<const Buffer<float>*, 12> node_arrays() const {
        return {&graph.pos_in_x,  &graph.pos_in_y,  &graph.pos_in_z,  &graph.vel_in_x,
                &graph.vel_in_y,  &graph.vel_in_z,  &graph.pos_out_x, &graph.pos_out_y,
                &graph.pos_out_z, &graph.vel_out_x, &graph.vel_out_y, &graph.vel_out_z};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(graph_arrays, OnGraph)

BOOST_FIXTURE_TEST_CASE(new_nodes_within_a_block_are_zero_after_all_work_of_its_former_owner, OnLateManager) {
    GraphArrays graph(manager, 10, 10);
    auto former = manager.make_buffer<float>("former", 9, GpuMemoryManager::unbounded(), stream.handle());
    BOOST_TEST(sim.fill(former.data(), 0xEE, 1, 256, stream.handle()).ok());  // its whole block
    former.reset(stream.handle());
    graph.resize(9, 10);
    graph.pos_in_x.set_size(9);
    graph.pos_in_x.shrink_to_fit(stream.handle());
    graph.resize(12, 10);
    stream.synchronize();  // now at the latest the former owner's work runs
    BOOST_TEST((graph.pos_in_x.download() == std::vector<float>(graph.pos_in_x.size(), 0.0F)));
}

BOOST_AUTO_TEST_CASE(a_new_graph_is_zeroed_with_mass_one) {
    for (const auto* array : node_arrays()) BOOST_TEST((array->download() == std::vector<float>(100, 0.0F)));
    BOOST_TEST((graph.mass.download() == std::vector<float>(100, 1.0F)));
    BOOST_TEST(graph.edge_row_offsets.size() == 101U);
    BOOST_TEST(graph.edge_col_indices.size() == 300U);
    BOOST_TEST(graph.edge_weights.size() == 300U);
    BOOST_TEST(graph.num_nodes == 100U);
    BOOST_TEST(graph.num_edges == 300U);
    BOOST_TEST(manager.total_allocated_bytes() == graph_bytes(100, 300));
    BOOST_TEST(manager.check_leaks().empty());  // members are in the totals alone
}

BOOST_AUTO_TEST_CASE(swapping_exchanges_what_is_read_and_what_is_written) {
    upload_ramp(100);
    float* const in = graph.pos_in_x.data();
    float* const out = graph.pos_out_x.data();
    graph.swap_buffers();
    BOOST_TEST(graph.pos_in_x.data() == out);
    BOOST_TEST(graph.pos_out_x.data() == in);
    BOOST_TEST((graph.vel_out_z.download() == ascending(100)));
    BOOST_TEST((std::get<0>(graph.download_positions()) == std::vector<float>(100, 0.0F)));
    graph.swap_buffers();
    BOOST_TEST((std::get<2>(graph.download_velocities()) == ascending(100)));
}

BOOST_AUTO_TEST_CASE(a_bigger_graph_keeps_its_nodes_and_edges_and_zeroes_new_nodes_with_mass_one) {
    upload_ramp(100);
    graph.mass.fill(5.0F);
    graph.edge_col_indices.fill(7);
    graph.resize(200, 400);
    auto expected = ascending(100);
    expected.resize(200, 0.0F);
    BOOST_TEST((std::get<1>(graph.download_positions()) == expected));
    const auto mass = graph.mass.download();
    BOOST_TEST(mass[99] == 5.0F);
    BOOST_TEST(mass[100] == 1.0F);
    BOOST_TEST(mass[199] == 1.0F);
    const auto indices = graph.edge_col_indices.download();
    BOOST_TEST(indices[299] == 7);
    BOOST_TEST(indices[300] == 0);
    BOOST_TEST(graph.num_nodes == 200U);
    BOOST_TEST(graph.num_edges == 400U);
    BOOST_TEST(graph.edge_row_offsets.size() == 201U);
}

BOOST_AUTO_TEST_CASE(allocations_grow_by_half_at_least_and_never_shrink) {
    graph.resize(110, 310);
    for (const auto* array : node_arrays()) BOOST_TEST(array->size() == 150U);
    BOOST_TEST(graph.edge_row_offsets.size() == 151U);
    BOOST_TEST(graph.edge_weights.size() == 450U);
    graph.resize(50, 10);
    BOOST_TEST(graph.pos_in_x.size() == 150U);
    BOOST_TEST(graph.num_nodes == 50U);
    graph.resize(1000, 10);
    BOOST_TEST(graph.pos_in_x.size() == 1000U);
    BOOST_TEST(graph.edge_weights.size() == 450U);
}

BOOST_AUTO_TEST_CASE(nodes_that_come_back_after_a_smaller_graph_are_new_ones) {
    upload_ramp(100);
    graph.mass.fill(5.0F);
    graph.resize(40, 300);
    graph.resize(100, 300);
    const auto x = std::get<0>(graph.download_positions());
    BOOST_TEST(x[39] == 39.0F);
    BOOST_TEST(x[40] == 0.0F);
    BOOST_TEST(graph.mass.download()[39] == 5.0F);
    BOOST_TEST(graph.mass.download()[40] == 1.0F);
}

BOOST_AUTO_TEST_CASE(metrics_tell_bytes_used_the_share_of_what_is_allocated_and_resizes_that_allocated) {
    auto [used, share, resizes] = graph.memory_metrics();
    BOOST_TEST(used == (13 * 100 + 101 + 2 * 300) * 4U);
    BOOST_TEST(share == 1.0F);
    BOOST_TEST(resizes == 0U);
    graph.resize(110, 300);
    std::tie(used, share, resizes) = graph.memory_metrics();
    BOOST_TEST(used == (13 * 110 + 111 + 2 * 300) * 4U);
    BOOST_TEST(share == static_cast<float>(13 * 110 + 111 + 600) / static_cast<float>(13 * 150 + 151 + 600));
    BOOST_TEST(resizes == 1U);
    graph.resize(120, 300);  // fits
    BOOST_TEST(std::get<2>(graph.memory_metrics()) == 1U);
    BOOST_TEST(graph_bytes(0, 0) == 4U);
    BOOST_TEST(grown_count(10, 11) == 15U);
    BOOST_TEST(grown_count(10, 20) == 20U);
}

BOOST_AUTO_TEST_CASE(lengths_that_do_not_fit_are_refused_and_nothing_changes) {
    const auto right = ascending(100);
    const auto wrong = ascending(101);
    BOOST_CHECK_THROW(graph.upload_positions(right, right, wrong), invalid_argument);
    BOOST_CHECK_THROW(graph.upload_velocities(wrong, right, right), invalid_argument);
    BOOST_TEST((std::get<0>(graph.download_positions()) == std::vector<float>(100, 0.0F)));
    const std::vector<std::int32_t> offsets(101);
    BOOST_CHECK_THROW(graph.upload_edges(std::vector<std::int32_t>(100), {}, {}), invalid_argument);
    BOOST_CHECK_THROW(graph.upload_edges(offsets, std::vector<std::int32_t>(5), std::vector<float>(4)),
                      invalid_argument);
    BOOST_CHECK_THROW(graph.upload_edges(offsets, std::vector<std::int32_t>(301), std::vector<float>(301)),
                      invalid_argument);
    BOOST_TEST(graph.num_edges == 300U);
}

BOOST_AUTO_TEST_CASE(uploading_edges_sets_how_many_there_are) {
    const auto offsets = ascending<std::int32_t>(101);
    graph.upload_edges(offsets, std::vector<std::int32_t>(20, 3), std::vector<float>(20, 0.5F));
    BOOST_TEST(graph.num_edges == 20U);
    BOOST_TEST((graph.edge_row_offsets.download() == offsets));
    BOOST_TEST(graph.edge_col_indices.download()[19] == 3);
    BOOST_TEST(graph.edge_weights.download()[19] == 0.5F);
    BOOST_TEST(graph.edge_weights.size() == 300U);
}

BOOST_AUTO_TEST_CASE(downloads_deliver_what_was_read_from_and_survive_swaps_and_writes) {
    upload_ramp(100);
    graph.start_positions_download();
    graph.start_velocities_download();
    graph.swap_buffers();
    upload_ramp(100);
    graph.pos_out_x.fill(-1.0F);
    const auto positions = graph.wait_for_positions();
    BOOST_TEST((std::get<0>(positions.to_vectors()) == ascending(100)));
    BOOST_TEST(graph.wait_for_velocities().size() == 100U);
    BOOST_TEST(graph.wait_for_positions().sequence() == positions.sequence());
}

BOOST_AUTO_TEST_CASE(the_latest_snapshots_begin_with_zeros_and_follow) {
    upload_ramp(100);
    BOOST_TEST(graph.latest_positions().x[99] == 0.0F);
    BOOST_TEST(graph.latest_velocities().z[99] == 0.0F);
    graph.wait_for_downloads();
    BOOST_TEST(graph.latest_positions().x[99] == 99.0F);
    BOOST_TEST(graph.latest_velocities().z[99] == 99.0F);
    graph.resize(120, 300);
    BOOST_TEST(graph.latest_positions().size() == 120U);
    BOOST_TEST(graph.wait_for_positions().x[119] == 0.0F);
}

BOOST_AUTO_TEST_CASE(polling_tells_when_a_wait_would_return_at_once) {
    BOOST_TEST(graph.poll_positions());  // nothing is pending
    {
        contract::Gate gate(sim, graph.stream().handle());
        graph.start_positions_download();
        graph.start_velocities_download();
        BOOST_TEST(!graph.poll_positions());
        BOOST_TEST(!graph.poll_velocities());
    }
    graph.stream().synchronize();
    while (!graph.poll_positions() || !graph.poll_velocities()) std::this_thread::yield();
    const Held held(sim);
    BOOST_TEST(graph.wait_for_positions().size() == 100U);
    BOOST_TEST(graph.wait_for_velocities().size() == 100U);
}

// As kernels of the program's own, which write *_out and of which the library does not know.
BOOST_AUTO_TEST_CASE(what_kernels_write_after_a_swap_reaches_no_direct_download_and_before_it_waits_for_none) {
    const auto write_out = [&](float value) {
        for (const auto* array : {&graph.pos_out_x, &graph.pos_out_y, &graph.pos_out_z, &graph.vel_out_x,
                                  &graph.vel_out_y, &graph.vel_out_z}) {
            BOOST_REQUIRE(
                sim.fill(array->data(), std::bit_cast<std::uint32_t>(value), 4, 100, graph.stream().handle()).ok());
        }
    };
    const std::vector<float> ones(100, 1.0F);
    write_out(1);
    graph.swap_buffers();
    graph.set_download_mode(DownloadMode::direct);
    {
        const HeldLink held(sim);
        graph.start_positions_download();
        graph.start_velocities_download();
        write_out(2);
        graph.stream().synchronize();  // would hang if it waited for the link
        graph.swap_buffers();
        write_out(3);
        BOOST_TEST(!graph.stream().query());
    }
    BOOST_TEST((graph.wait_for_positions().to_vectors() == NodeVectors{ones, ones, ones}));
    BOOST_TEST((graph.wait_for_velocities(WaitMode::sleeping).to_vectors() == NodeVectors{ones, ones, ones}));
    BOOST_TEST(std::get<0>(graph.download_positions())[0] == 2.0F);
}

BOOST_FIXTURE_TEST_CASE(work_on_another_stream_is_held_back_by_a_flight_also_after_a_swap, OnLateManager) {
    GraphArrays late(manager, 100, 300);
    const Stream other(sim);
    late.pos_in_y.fill(5.0F, late.stream().handle());
    late.start_positions_download();
    late.swap_buffers();
    late.pos_out_y.fill(-1.0F, other.handle());
    other.synchronize();
    BOOST_TEST(late.wait_for_positions().y[99] == 5.0F);
    BOOST_TEST(late.pos_out_y.download()[99] == -1.0F);
}

BOOST_AUTO_TEST_CASE(an_array_that_was_cut_short_or_given_away_is_named) {
    graph.pos_in_y.set_size(50);
    BOOST_TEST(mentions(message_of<invalid_argument>([&] { graph.start_positions_download(); }), "graph.pos_in_y"));
    graph.vel_in_z.reset();
    BOOST_CHECK_THROW(graph.start_velocities_download(), invalid_argument);
    BOOST_CHECK_THROW(graph.latest_velocities(), invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_resize_that_fails_at_any_verb_leaves_everything) {
    const Quiet quiet;
    for (const Verb verb : {Verb::event_create, Verb::pinned_allocate, Verb::copy_on_device, Verb::fill,
                            Verb::stream_synchronize, Verb::event_record_device, Verb::stream_wait, Verb::stream_id}) {
        unsigned thrown = 0;
        for (const std::uint64_t nth : {1U, 2U, 7U, 16U}) {
            BOOST_TEST_CONTEXT("call " << nth << " of " << to_string(verb)) {
                OnGraph on;
                on.upload_ramp(100);
                on.graph.mass.fill(5.0F);
                on.graph.start_positions_download();
                on.graph.wait_for_downloads();  // a snapshot that the resize has to keep
                const float* const at = on.graph.pos_in_y.data();
                const auto metrics = on.graph.memory_metrics();
                on.sim.fail(verb, nth, cuda_error::unknown);
                try {
                    on.graph.resize(200, 400);
                } catch (const Error&) {
                    ++thrown;
                    on.sim.clear_failures();
                    BOOST_TEST(on.graph.pos_in_y.data() == at);
                    BOOST_TEST(on.manager.total_allocated_bytes() == graph_bytes(100, 300));
                    BOOST_TEST((on.graph.memory_metrics() == metrics));
                    BOOST_TEST(on.graph.num_nodes == 100U);
                    BOOST_TEST((on.graph.mass.download() == std::vector<float>(100, 5.0F)));
                    BOOST_TEST((std::get<2>(on.graph.download_velocities()) == ascending(100)));
                    BOOST_TEST(on.graph.latest_positions().size() == 100U);
                    on.graph.resize(200, 400);
                }
                on.sim.clear_failures();
                BOOST_TEST(on.graph.mass.download()[199] == 1.0F);
                on.expected_teardown_failures = teardown_failures() - on.teardown_failures_before;
            }
        }
        BOOST_TEST(thrown > 0U);
    }
}

BOOST_AUTO_TEST_CASE(graphs_beyond_memory_are_refused_and_empty_ones_work) {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    BOOST_CHECK_THROW(GraphArrays(manager, most, 1), invalid_argument);
    BOOST_CHECK_THROW(GraphArrays(manager, 1, most), invalid_argument);
    BOOST_CHECK_THROW(GraphArrays(manager, 100 * MiB, 1), out_of_memory);
    BOOST_CHECK_THROW(graph.resize(most, 1), Error);
    BOOST_CHECK_THROW(graph.resize(1, most), Error);
    BOOST_TEST(graph.num_nodes == 100U);
    GraphArrays empty(manager, 0, 0);
    BOOST_TEST(empty.edge_row_offsets.size() == 1U);
    BOOST_TEST(empty.latest_positions().size() == 0U);
    BOOST_TEST(std::get<0>(empty.download_positions()).empty());
    empty.start_positions_download();
    empty.wait_for_downloads();
    empty.resize(10, 10);
    BOOST_TEST(empty.mass.download()[9] == 1.0F);
}

BOOST_AUTO_TEST_SUITE_END()
