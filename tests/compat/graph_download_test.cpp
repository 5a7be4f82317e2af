// SPDX-License-Identifier: Apache-2.0
#include "facades.hpp"
#include "graph_arrays.hpp"

// Holds all queued work back while it lives, so that "pending" and "not yet" are facts, not races.
struct Held {
    triune::sim::SimDevice& device;
    explicit Held(triune::sim::SimDevice& held) : device(held) { device.hold_streams(); }
    ~Held() { device.release_streams(); }
};

struct Downloads : Facades {
    static constexpr std::size_t nodes = 50;
    utils::UnifiedGPUCompute graph{nodes, 0};

    // Positions become `value` everywhere, by a kernel on the compute stream.
    void write_queued(float value) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, &value, 4);
        for (const auto* array : {&graph.pos_in_x, &graph.pos_in_y, &graph.pos_in_z}) {
            BOOST_TEST_REQUIRE(device.fill(array->as_device_ptr(), bits, 4, nodes, graph.stream().handle()).ok());
        }
    }
    // The same by the host, at once.
    void write_raw(float value) {
        for (const auto* array : {&graph.pos_in_x, &graph.pos_in_y, &graph.pos_in_z}) {
            std::fill_n(array->as_device_ptr(), nodes, value);
        }
    }
    void upload(float value) {
        graph.upload_positions(Floats(nodes, value), Floats(nodes, value), Floats(nodes, value));
    }
};

BOOST_FIXTURE_TEST_SUITE(graph_download, Downloads)

BOOST_AUTO_TEST_CASE(the_first_async_answer_is_zeros_and_never_what_it_starts) {
    upload(1);
    BOOST_TEST((graph.get_node_positions_async() == three(nodes, 0)));
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 1)));
    upload(2);
    BOOST_TEST((graph.get_node_positions_async() == three(nodes, 1)));
    graph.sync_all_transfers();
    BOOST_TEST((graph.get_node_positions_async() == three(nodes, 2)));
    BOOST_TEST((graph.get_node_velocities_async() == three(nodes, 0)));
}

BOOST_AUTO_TEST_CASE(async_answers_block_for_nothing_while_the_device_is_busy) {
    upload(1);
    graph.get_node_positions_async();
    graph.sync_all_transfers();
    {
        const Held held(device);
        write_queued(2);
        for (int frame = 0; frame < 5; ++frame) {
            BOOST_TEST((graph.get_node_positions_async() == three(nodes, 1)));
            BOOST_TEST((graph.get_node_velocities_async() == three(nodes, 0)));
        }
        graph.start_async_download_positions();
    }
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 2)));
}

BOOST_AUTO_TEST_CASE(answers_are_never_torn_and_never_older_than_an_earlier_one) {
    float newest = 0;
    for (int frame = 1; frame <= 200; ++frame) {
        write_queued(static_cast<float>(frame));
        const auto [x, y, z] = graph.get_node_positions_async();
        BOOST_TEST_REQUIRE((x == Floats(nodes, x[0]) && y == x && z == x));
        BOOST_TEST_REQUIRE(x[0] >= newest);
        BOOST_TEST_REQUIRE(x[0] < static_cast<float>(frame));
        newest = x[0];
    }
}

BOOST_AUTO_TEST_CASE(a_start_while_one_is_pending_does_nothing_complete_or_not) {
    upload(1);
    graph.start_async_download_positions();
    graph.stream().synchronize();
    BOOST_TEST(device.synchronize().ok());  // landed, but nobody has asked for it
    upload(2);
    graph.start_async_download_positions();
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 1)));
    graph.start_async_download_positions();
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 2)));
}

BOOST_AUTO_TEST_CASE(a_wait_with_none_pending_gives_the_current_snapshot) {
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 0)));
    upload(3);
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 0)));
    graph.start_async_download_positions();
    graph.wait_for_download_positions();
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 3)));
    BOOST_TEST((graph.wait_for_download_velocities() == three(nodes, 0)));
}

BOOST_AUTO_TEST_CASE(after_a_sync_async_answers_are_of_when_the_download_started) {
    write_queued(4);
    graph.start_async_download_positions();
    write_queued(5);
    graph.sync_all_transfers();
    BOOST_TEST((graph.get_node_positions_async() == three(nodes, 4)));
    graph.sync_all_transfers();
    BOOST_TEST((graph.get_node_positions_async() == three(nodes, 5)));
}

BOOST_AUTO_TEST_CASE(no_later_write_reaches_a_download) {
    write_queued(1);
    graph.start_async_download_positions();
    write_queued(2);
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 1)));

    write_queued(3);
    graph.start_async_download_positions();
    upload(4);
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 3)));

    write_queued(5);
    graph.start_async_download_positions();
    graph.pos_in_y.copy_from(Floats(nodes, 6.0F));
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 5)));
}

BOOST_AUTO_TEST_CASE(a_raw_write_right_after_a_start_on_an_idle_stream_reaches_no_download) {
    for (int frame = 1; frame <= 20; ++frame) {
        graph.stream().synchronize();
        write_raw(static_cast<float>(frame));
        graph.start_async_download_positions();
        write_raw(-1);
        BOOST_TEST_REQUIRE((graph.wait_for_download_positions() == three(nodes, static_cast<float>(frame))));
    }
}

BOOST_AUTO_TEST_CASE(a_raw_write_right_after_an_async_answer_reaches_no_download) {
    write_raw(7);
    graph.get_node_positions_async();
    write_raw(-1);
    graph.sync_all_transfers();
    write_raw(-2);
    BOOST_TEST((graph.get_node_positions_async() == three(nodes, 7)));
}

BOOST_AUTO_TEST_CASE(a_swap_while_a_download_is_in_flight_changes_nothing_about_it) {
    {
        const Held held(device);
        write_queued(8);
        graph.start_async_download_positions();
        graph.swap_buffers();
        write_queued(9);
    }
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 8)));
    BOOST_TEST((graph.get_node_positions() == three(nodes, 9)));
}

BOOST_AUTO_TEST_CASE(an_array_replaced_while_a_download_is_in_flight_is_delivered_as_it_was) {
    write_queued(1);
    graph.start_async_download_positions();
    graph.pos_in_x = utils::DeviceBuffer<float>::filled(nodes, 2.0F);
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 1)));
    graph.pos_in_x = utils::DeviceBuffer<float>::zeroed(nodes - 1);
    BOOST_TEST(code_of([&] { graph.start_async_download_positions(); }) == utils::CudaError::InvalidValue);
    graph.pos_in_x = utils::DeviceBuffer<float>::zeroed(nodes);
}

BOOST_AUTO_TEST_CASE(a_start_that_fails_leaves_the_newest_snapshot_and_a_later_start_works) {
    upload(1);
    graph.start_async_download_positions();
    graph.sync_all_transfers();
    upload(2);
    for (const auto verb :
         {triune::Verb::copy_on_device, triune::Verb::copy, triune::Verb::event_record, triune::Verb::stream_wait}) {
        device.fail(verb, 1, 719);
        BOOST_TEST(code_of([&] { graph.start_async_download_positions(); }) == utils::CudaError::LaunchFailure);
        device.clear_failures();
        BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 1)));
    }
    graph.start_async_download_positions();
    BOOST_TEST((graph.wait_for_download_positions() == three(nodes, 2)));
}

BOOST_AUTO_TEST_CASE(a_graph_may_go_with_downloads_pending) {
    auto gone = std::make_unique<utils::UnifiedGPUCompute>(1000, 0);
    gone->start_async_download_positions();
    gone->get_node_velocities_async();
    gone.reset();
}

BOOST_AUTO_TEST_SUITE_END()
