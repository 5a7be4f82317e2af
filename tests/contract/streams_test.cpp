// SPDX-License-Identifier: Apache-2.0
// Streams: order within one, independence between them.
#include "contract.hpp"

#include <set>

#include "gate.hpp"

CONTRACT_SUITE(streams)

CONTRACT_TEST(a_stream_without_work_is_idle) {
    const StreamHandle stream = make_stream();
    for (const StreamHandle asked : {stream, StreamHandle{nullptr}}) {
        bool idle = false;
        BOOST_TEST(ok(device.stream_query(asked, idle)));
        BOOST_TEST(idle);
        BOOST_TEST(ok(device.stream_synchronize(asked)));
    }
}

CONTRACT_TEST(a_stream_with_work_is_not_idle) {
    const StreamHandle stream = make_stream();
    bool idle = true;
    {
        Gate gate(device, stream);
        BOOST_TEST(ok(device.stream_query(stream, idle)));
        BOOST_TEST(!idle);
    }
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    BOOST_TEST(ok(device.stream_query(stream, idle)));
    BOOST_TEST(idle);
}

CONTRACT_TEST(work_on_one_stream_runs_in_order) {
    const StreamHandle stream = make_stream();
    constexpr std::size_t count = 100;
    void* const cell = make_memory(1);
    auto* const seen = make_pinned<unsigned char>(count);
    std::memset(seen, 0, count);
    for (std::size_t i = 0; i < count; ++i) {
        BOOST_TEST(ok(device.fill(cell, static_cast<std::uint32_t>(i + 1), 1, 1, stream)));
        BOOST_TEST(ok(device.copy(seen + i, cell, 1, stream)));
    }
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    for (std::size_t i = 0; i < count; ++i) BOOST_TEST(seen[i] == i + 1);
}

CONTRACT_TEST(work_polled_for_gets_done_without_a_wait) {
    const StreamHandle stream = make_stream();
    void* const cell = make_memory(1);
    auto* const seen = make_pinned<unsigned char>(1);
    *seen = 0;
    BOOST_TEST(ok(device.fill(cell, 7, 1, 1, stream)));
    BOOST_TEST(ok(device.copy(seen, cell, 1, stream)));
    bool idle = false;
    while (!idle) BOOST_TEST_REQUIRE(ok(device.stream_query(stream, idle)));
    BOOST_TEST(*seen == 7);
}

namespace {

// Work on `passing` gets done while `gated` stands before a gate.
void expect_passing(Device& device, StreamHandle gated, StreamHandle passing, void* cell, unsigned char* seen) {
    std::memset(seen, 0, 2);
    Gate gate(device, gated);
    BOOST_TEST(ok(device.copy(seen + 1, cell, 1, gated)));
    BOOST_TEST(ok(device.fill(cell, 9, 1, 1, passing)));
    BOOST_TEST(ok(device.copy(seen, cell, 1, passing)));
    BOOST_TEST(ok(device.stream_synchronize(passing)));
    BOOST_TEST(seen[0] == 9);
    BOOST_TEST(seen[1] == 0);
    gate.open();
    BOOST_TEST(ok(device.stream_synchronize(gated)));
    BOOST_TEST(seen[1] == 9);
}

}  // namespace

CONTRACT_TEST(streams_do_not_wait_for_each_other) {
    expect_passing(device, make_stream(), make_stream(), make_memory(1), make_pinned<unsigned char>(2));
}

CONTRACT_TEST(the_default_stream_does_not_wait_for_a_created_one) {
    expect_passing(device, make_stream(), nullptr, make_memory(1), make_pinned<unsigned char>(2));
}

CONTRACT_TEST(a_created_stream_does_not_wait_for_the_default_one, default_stream_alone) {
    expect_passing(device, nullptr, make_stream(), make_memory(1), make_pinned<unsigned char>(2));
}

CONTRACT_TEST(a_destroyed_stream_finishes_its_work, unwatched_destruction) {
    void* const cell = make_memory(1);
    auto* const seen = make_pinned<unsigned char>(1);
    *seen = 0;
    StreamHandle stream = nullptr;
    BOOST_TEST_REQUIRE(ok(device.stream_create(stream)));
    {
        Gate gate(device, stream);
        BOOST_TEST(ok(device.fill(cell, 5, 1, 1, stream)));
        BOOST_TEST(ok(device.copy(seen, cell, 1, stream)));
        BOOST_TEST(ok(device.stream_destroy(stream)));
    }
    BOOST_TEST(ok(device.synchronize()));
    BOOST_TEST(*seen == 5);
}

CONTRACT_TEST(synchronizing_the_device_waits_for_every_stream) {
    constexpr std::size_t count = 5;
    auto* const seen = make_pinned<unsigned char>(count);
    void* const cell = make_memory(1);
    BOOST_TEST(ok(device.fill(cell, 3, 1, 1, nullptr)));
    BOOST_TEST(ok(device.synchronize()));
    std::memset(seen, 0, count);
    for (std::size_t i = 0; i < count; ++i) {
        BOOST_TEST(ok(device.copy(seen + i, cell, 1, i == 0 ? nullptr : make_stream())));
    }
    BOOST_TEST(ok(device.synchronize()));
    for (std::size_t i = 0; i < count; ++i) BOOST_TEST(seen[i] == 3);
}

CONTRACT_TEST(no_two_streams_ever_have_one_number) {
    std::set<std::uint64_t> numbers;
    std::uint64_t number = 0;
    BOOST_TEST(ok(device.stream_id(nullptr, number)));
    numbers.insert(number);
    // Destroyed one by one: a device may well give out the same handle each time.
    for (int i = 0; i < 10; ++i) {
        StreamHandle stream = nullptr;
        BOOST_TEST_REQUIRE(ok(device.stream_create(stream)));
        BOOST_TEST(ok(device.stream_id(stream, number)));
        BOOST_TEST(numbers.insert(number).second);
        std::uint64_t again = 0;
        BOOST_TEST(ok(device.stream_id(stream, again)));
        BOOST_TEST(again == number);
        BOOST_TEST(ok(device.stream_destroy(stream)));
    }
}
