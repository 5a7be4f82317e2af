// SPDX-License-Identifier: Apache-2.0
// Host functions: in the order of their stream.
#include "contract.hpp"

#include "gate.hpp"

CONTRACT_SUITE(host_functions)

CONTRACT_TEST(host_functions_run_in_the_order_of_their_stream) {
    const StreamHandle stream = make_stream();
    static std::vector<int> order;
    order.clear();
    int numbers[20];
    for (int i = 0; i < 20; ++i) {
        numbers[i] = i;
        const auto note = [](void* argument) { order.push_back(*static_cast<int*>(argument)); };
        BOOST_TEST(ok(device.stream_call(stream, note, &numbers[i])));
    }
    BOOST_TEST(ok(device.stream_synchronize(stream)));
    BOOST_TEST(order == std::vector<int>(numbers, numbers + 20), boost::test_tools::per_element());
}

CONTRACT_TEST(a_host_function_stands_between_the_copies_around_it) {
    for (const StreamHandle stream : {make_stream(), StreamHandle{nullptr}}) {
        auto* const cells = make_pinned<unsigned char>(2);
        void* const memory = make_memory(1);
        cells[0] = cells[1] = 0;
        BOOST_TEST(ok(device.fill(memory, 20, 1, 1, stream)));
        BOOST_TEST(ok(device.copy(&cells[0], memory, 1, stream)));
        const auto increase = [](void* argument) {
            auto* const cell = static_cast<unsigned char*>(argument);
            *cell = static_cast<unsigned char>(*cell + 1);
        };
        BOOST_TEST(ok(device.stream_call(stream, increase, &cells[0])));
        BOOST_TEST(ok(device.copy(memory, &cells[0], 1, stream)));
        BOOST_TEST(ok(device.copy(&cells[1], memory, 1, stream)));
        BOOST_TEST(ok(device.stream_synchronize(stream)));
        BOOST_TEST(cells[1] == 21);
    }
}

CONTRACT_TEST(a_host_function_waits_for_an_event) {
    const StreamHandle producer = make_stream();
    const StreamHandle consumer = make_stream();
    const EventHandle event = make_event();
    auto* const cells = make_pinned<unsigned char>(2);
    void* const memory = make_memory(1);
    cells[0] = cells[1] = 0;
    BOOST_TEST(ok(device.fill(memory, 30, 1, 1, producer)));
    BOOST_TEST(ok(device.copy(&cells[0], memory, 1, producer)));
    BOOST_TEST(ok(device.event_record(event, producer)));
    BOOST_TEST(ok(device.stream_wait(consumer, event)));
    const auto take_over = [](void* argument) {
        auto* const both = static_cast<unsigned char*>(argument);
        both[1] = both[0];
    };
    BOOST_TEST(ok(device.stream_call(consumer, take_over, cells)));
    BOOST_TEST(ok(device.stream_synchronize(consumer)));
    BOOST_TEST(cells[1] == 30);
}
