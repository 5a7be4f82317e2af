// Module 3: node and edge arrays, downloads, resizes.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <tuple>
#include <vector>

#include "utils/unified_gpu_compute.hpp"
#include "watched_device.hpp"

using utils::NodeVectors;
using utils::UnifiedGPUCompute;
using Floats = std::vector<float>;

namespace {

Floats contents(const utils::DeviceBuffer<float>& buffer) {
    Floats values(buffer.len());
    buffer.copy_to(values);
    return values;
}

void upload(UnifiedGPUCompute& compute, float value) {
    const Floats values(compute.num_nodes, value);
    compute.upload_positions(values, values, values);
}

NodeVectors filled(std::size_t count, float value) {
    const Floats values(count, value);
    return {values, values, values};
}

bool is_invalid_value(const utils::CudaException& error) { return error.code() == utils::CudaError::InvalidValue; }

}  // namespace

BOOST_AUTO_TEST_SUITE(unified_compute)

BOOST_AUTO_TEST_CASE(a_new_engine_has_zeroed_nodes_of_mass_1) {
    const UnifiedGPUCompute compute(5, 3);
    BOOST_TEST(contents(compute.pos_in_y) == Floats(5, 0.0F), boost::test_tools::per_element());
    BOOST_TEST(contents(compute.mass) == Floats(5, 1.0F), boost::test_tools::per_element());
    BOOST_TEST(compute.edge_row_offsets.len() == 6U);
    BOOST_TEST(compute.edge_weights.len() == 3U);
    BOOST_TEST(compute.stream().handle() != nullptr);
}

BOOST_AUTO_TEST_CASE(an_upload_of_another_length_writes_nothing) {
    UnifiedGPUCompute compute(2, 1);
    upload(compute, 4.0F);
    const Floats two(2, 9.0F);
    const Floats three(3, 9.0F);
    BOOST_CHECK_EXCEPTION(compute.upload_positions(two, two, three), utils::CudaException, is_invalid_value);
    BOOST_CHECK_EXCEPTION(compute.upload_velocities(three, two, two), utils::CudaException, is_invalid_value);
    BOOST_TEST((compute.get_node_positions() == filled(2, 4.0F)));
    BOOST_TEST((compute.get_node_velocities() == filled(2, 0.0F)));
}

BOOST_AUTO_TEST_CASE(edges_are_checked_and_set_their_number) {
    UnifiedGPUCompute compute(2, 2);
    compute.upload_edges_csr({0, 1, 1}, {1}, {0.5F});
    BOOST_TEST(compute.num_edges == 1U);
    BOOST_CHECK_EXCEPTION(compute.upload_edges_csr({0, 1}, {1}, {0.5F}), utils::CudaException, is_invalid_value);
    BOOST_CHECK_EXCEPTION(compute.upload_edges_csr({0, 1, 2}, {1, 0}, {0.5F}), utils::CudaException, is_invalid_value);
    BOOST_CHECK_EXCEPTION(compute.upload_edges_csr({0, 1, 3}, {1, 0, 0}, {1.0F, 1.0F, 1.0F}), utils::CudaException,
                          is_invalid_value);
    BOOST_TEST(compute.num_edges == 1U);
    BOOST_TEST(contents(compute.edge_weights)[0] == 0.5F);
}

BOOST_AUTO_TEST_CASE(an_async_answer_is_the_snapshot_before_its_own_call) {
    UnifiedGPUCompute compute(3, 0);
    upload(compute, 1.0F);
    BOOST_TEST((compute.get_node_positions_async() == filled(3, 0.0F)));  // starts with 1
    upload(compute, 2.0F);
    BOOST_TEST((compute.get_node_positions_async() == filled(3, 1.0F)));  // starts with 2
    BOOST_TEST((compute.get_node_positions_async() == filled(3, 2.0F)));
}

BOOST_AUTO_TEST_CASE(a_flight_delivers_what_it_started_from) {
    UnifiedGPUCompute compute(3, 0);
    upload(compute, 1.0F);
    compute.start_async_download_positions();
    upload(compute, 2.0F);
    compute.swap_buffers();
    compute.start_async_download_positions();  // one is pending: nothing happens
    BOOST_TEST((compute.wait_for_download_positions() == filled(3, 1.0F)));
    BOOST_TEST((compute.wait_for_download_positions() == filled(3, 1.0F)));  // none pending: the same again
    BOOST_TEST((compute.get_node_positions() == filled(3, 0.0F)));
}

BOOST_AUTO_TEST_CASE(velocities_travel_apart_from_positions) {
    UnifiedGPUCompute compute(2, 0);
    const Floats fast(2, 7.0F);
    compute.upload_velocities(fast, fast, fast);
    BOOST_TEST((compute.get_node_velocities_async() == filled(2, 0.0F)));
    compute.start_async_download_positions();
    compute.sync_all_transfers();
    BOOST_TEST((compute.get_node_velocities_async() == filled(2, 7.0F)));
    BOOST_TEST((compute.wait_for_download_positions() == filled(2, 0.0F)));
}

BOOST_AUTO_TEST_CASE(swapping_exchanges_in_and_out) {
    UnifiedGPUCompute compute(2, 0);
    upload(compute, 3.0F);
    const float* in = compute.pos_in_x.as_device_ptr();
    compute.swap_buffers();
    BOOST_TEST(compute.pos_out_x.as_device_ptr() == in);
    BOOST_TEST(contents(compute.pos_in_x) == Floats(2, 0.0F), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_resize_keeps_the_first_nodes_and_zeroes_the_new_ones) {
    UnifiedGPUCompute compute(4, 2);
    upload(compute, 5.0F);
    compute.upload_edges_csr({0, 1, 2, 2, 2}, {1, 0}, {0.25F, 0.75F});
    compute.mass.copy_from(Floats(4, 8.0F));
    compute.resize_buffers(5, 2);
    BOOST_TEST(compute.num_nodes == 5U);
    BOOST_TEST(compute.pos_in_x.len() == 6U);  // 4 x 1.5
    BOOST_TEST(compute.edge_row_offsets.len() == 7U);
    BOOST_TEST(compute.edge_weights.len() == 2U);
    const Floats expected{5.0F, 5.0F, 5.0F, 5.0F, 0.0F};
    BOOST_TEST(std::get<0>(compute.get_node_positions()) == expected, boost::test_tools::per_element());
    const Floats masses = contents(compute.mass);
    BOOST_TEST(masses[3] == 8.0F);
    BOOST_TEST(masses[4] == 1.0F);
    BOOST_TEST(contents(compute.edge_weights)[1] == 0.75F);
}

BOOST_AUTO_TEST_CASE(nodes_dropped_by_a_smaller_size_come_back_zeroed) {
    UnifiedGPUCompute compute(4, 0);
    upload(compute, 5.0F);
    compute.mass.copy_from(Floats(4, 8.0F));
    compute.resize_buffers(1, 0);
    BOOST_TEST(compute.pos_in_x.len() == 4U);  // never shrinks
    compute.resize_buffers(3, 0);
    const Floats expected{5.0F, 0.0F, 0.0F};
    BOOST_TEST(std::get<2>(compute.get_node_positions()) == expected, boost::test_tools::per_element());
    BOOST_TEST(contents(compute.mass)[0] == 8.0F);
    BOOST_TEST(contents(compute.mass)[1] == 1.0F);
    BOOST_TEST(std::get<2>(compute.get_memory_metrics()) == 0U);  // none of them allocated
}

BOOST_AUTO_TEST_CASE(a_resize_completes_the_pending_download_and_later_answers_have_the_new_length) {
    UnifiedGPUCompute compute(2, 0);
    upload(compute, 6.0F);
    compute.start_async_download_positions();
    compute.resize_buffers(3, 0);
    const Floats expected{6.0F, 6.0F, 0.0F};
    BOOST_TEST(std::get<0>(compute.wait_for_download_positions()) == expected, boost::test_tools::per_element());
    upload(compute, 9.0F);
    compute.start_async_download_positions();
    compute.resize_buffers(3, 0);
    upload(compute, 10.0F);
    compute.start_async_download_positions();  // the one before is complete, so this one starts
    BOOST_TEST((compute.wait_for_download_positions() == filled(3, 10.0F)));
}

BOOST_AUTO_TEST_CASE(metrics_follow_their_formula) {
    UnifiedGPUCompute compute(100, 40);
    const auto [bytes, utilization, resizes] = compute.get_memory_metrics();
    BOOST_TEST(bytes == 4U * (13 * 100 + 101 + 2 * 40));
    BOOST_TEST(utilization == 1.0F);
    BOOST_TEST(resizes == 0U);
    compute.resize_buffers(110, 40);
    const auto [more_bytes, less_utilization, one_resize] = compute.get_memory_metrics();
    BOOST_TEST(more_bytes == 4U * (13 * 110 + 111 + 2 * 40));
    BOOST_TEST(less_utilization == static_cast<float>(more_bytes) / (4.0F * (13 * 150 + 151 + 2 * 40)));
    BOOST_TEST(one_resize == 1U);
}

BOOST_AUTO_TEST_CASE(an_engine_without_nodes_and_edges_works) {
    UnifiedGPUCompute compute(0, 0);
    upload(compute, 1.0F);
    compute.upload_edges_csr({0}, {}, {});
    BOOST_TEST((compute.get_node_positions_async() == filled(0, 0.0F)));
    compute.resize_buffers(2, 1);
    BOOST_TEST((compute.get_node_positions() == filled(2, 0.0F)));
}

BOOST_AUTO_TEST_CASE(just_what_was_asked_for_is_allocated) {
    WatchedDevice device;
    const UnifiedGPUCompute compute(100, 40);
    BOOST_TEST(device.bytes("allocate") == 4U * (13 * 100 + 101 + 2 * 40));
    BOOST_TEST(compute.vel_out_z.len() == 100U);
    BOOST_TEST(compute.edge_col_indices.len() == 40U);
}

BOOST_AUTO_TEST_CASE(every_async_call_waits_for_its_stream_and_copies_three_arrays_itself) {
    WatchedDevice device;
    UnifiedGPUCompute compute(1000, 0);
    for (int frame = 1; frame <= 3; ++frame) {
        static_cast<void>(compute.get_node_positions_async());
        BOOST_TEST(device.calls("synchronize_stream") == frame);
        BOOST_TEST(device.calls("download") == 3 * frame);
        BOOST_TEST(device.bytes("download") == 12000U * static_cast<unsigned>(frame));
        BOOST_TEST(device.calls("record_event") == frame);  // after the copies: there is nothing left to wait for
    }
}

BOOST_AUTO_TEST_CASE(a_blocking_answer_reads_the_in_arrays_after_the_stream) {
    WatchedDevice device;
    UnifiedGPUCompute compute(3, 0);
    upload(compute, 2.5F);
    const int waits = device.calls("synchronize_stream");
    BOOST_TEST((compute.get_node_positions() == filled(3, 2.5F)));
    BOOST_TEST(device.calls("synchronize_stream") == waits + 1);
}

BOOST_AUTO_TEST_CASE(a_write_by_a_member_or_a_raw_copy_after_a_start_reaches_no_flight) {
    UnifiedGPUCompute compute(2, 0);
    upload(compute, 1.0F);
    compute.start_async_download_positions();
    compute.pos_in_x.copy_from(Floats(2, 5.0F));
    write_bytes(compute.pos_in_y.as_device_ptr(), std::string(8, '\0'));
    BOOST_TEST((compute.wait_for_download_positions() == filled(2, 1.0F)));
}

BOOST_AUTO_TEST_CASE(a_swap_while_a_flight_is_under_way_changes_nothing_about_it) {
    UnifiedGPUCompute compute(2, 0);
    upload(compute, 1.0F);
    compute.start_async_download_positions();
    compute.swap_buffers();
    upload(compute, 2.0F);
    compute.sync_all_transfers();
    BOOST_TEST((compute.get_node_positions_async() == filled(2, 1.0F)));
}

BOOST_AUTO_TEST_CASE(a_subclass_uses_the_arrays_as_its_own_members) {
    struct Engine : UnifiedGPUCompute {
        using UnifiedGPUCompute::UnifiedGPUCompute;
        void execute_physics_step() {
            Floats values = contents(mass);
            pos_out_x.copy_from(values);
            swap_buffers();
        }
    };
    Engine engine(3, 0);
    engine.execute_physics_step();
    BOOST_TEST(std::get<0>(engine.get_node_positions()) == Floats(3, 1.0F), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
