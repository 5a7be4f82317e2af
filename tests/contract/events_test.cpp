// SPDX-License-Identifier: Apache-2.0
// Events: what they capture, and who waits for it.
#include "contract.hpp"

#include "gate.hpp"

CONTRACT_SUITE(events)

CONTRACT_TEST(an_event_that_was_never_recorded_is_complete) {
    const EventHandle event = make_event();
    bool complete = false;
    BOOST_TEST(ok(device.event_query(event, complete)));
    BOOST_TEST(complete);
    BOOST_TEST(ok(device.event_synchronize(event)));
    BOOST_TEST(ok(device.stream_wait(nullptr, event)));
    BOOST_TEST(ok(device.stream_synchronize(nullptr)));
}

CONTRACT_TEST(an_event_completes_after_the_work_before_it) {
    const StreamHandle stream = make_stream();
    const EventHandle event = make_event();
    void* const cell = make_memory(1);
    auto* const seen = make_pinned<unsigned char>(1);
    *seen = 0;
    bool complete = true;
    Gate gate(device, stream);
    BOOST_TEST(ok(device.fill(cell, 4, 1, 1, stream)));
    BOOST_TEST(ok(device.copy(seen, cell, 1, stream)));
    BOOST_TEST(ok(device.event_record(event, stream)));
    BOOST_TEST(ok(device.event_query(event, complete)));
    BOOST_TEST(!complete);
    gate.open();
    BOOST_TEST(ok(device.event_synchronize(event)));
    BOOST_TEST(*seen == 4);
    BOOST_TEST(ok(device.event_query(event, complete)));
    BOOST_TEST(complete);
}

CONTRACT_TEST(an_event_does_not_wait_for_later_work) {
    const StreamHandle stream = make_stream();
    const EventHandle event = make_event();
    BOOST_TEST(ok(device.event_record(event, stream)));
    Gate gate(device, stream);
    BOOST_TEST(ok(device.event_synchronize(event)));
    bool idle = true;
    BOOST_TEST(ok(device.stream_query(stream, idle)));
    BOOST_TEST(!idle);
}

CONTRACT_TEST(a_stream_waits_for_what_an_event_captured) {
    const StreamHandle producer = make_stream();
    const StreamHandle consumer = make_stream();
    const EventHandle event = make_event();
    void* const cell = make_memory(1);
    auto* const seen = make_pinned<unsigned char>(1);
    *seen = 0;
    BOOST_TEST(ok(device.fill(cell, 1, 1, 1, nullptr)));
    BOOST_TEST(ok(device.synchronize()));
    Gate gate(device, producer);
    BOOST_TEST(ok(device.fill(cell, 2, 1, 1, producer)));
    BOOST_TEST(ok(device.event_record(event, producer)));
    BOOST_TEST(ok(device.stream_wait(consumer, event)));
    BOOST_TEST(ok(device.copy(seen, cell, 1, consumer)));
    bool idle = true;
    BOOST_TEST(ok(device.stream_query(consumer, idle)));
    BOOST_TEST(!idle);
    BOOST_TEST(*seen == 0);
    gate.open();
    BOOST_TEST(ok(device.stream_synchronize(consumer)));
    BOOST_TEST(*seen == 2);
}

CONTRACT_TEST(a_wait_keeps_its_capture_when_the_event_is_recorded_again) {
    const StreamHandle producer = make_stream();
    const StreamHandle consumer = make_stream();
    const StreamHandle other = make_stream();
    const EventHandle event = make_event();
    void* const cell = make_memory(1);
    auto* const seen = make_pinned<unsigned char>(1);
    *seen = 0;
    Gate gate(device, producer);
    BOOST_TEST(ok(device.fill(cell, 6, 1, 1, producer)));
    BOOST_TEST(ok(device.event_record(event, producer)));
    BOOST_TEST(ok(device.stream_wait(consumer, event)));
    BOOST_TEST(ok(device.copy(seen, cell, 1, consumer)));
    BOOST_TEST(ok(device.event_record(event, other)));
    BOOST_TEST(ok(device.event_synchronize(event)));  // the new capture, past the gate
    bool idle = true;
    BOOST_TEST(ok(device.stream_query(consumer, idle)));
    BOOST_TEST(!idle);
    gate.open();
    BOOST_TEST(ok(device.stream_synchronize(consumer)));
    BOOST_TEST(*seen == 6);
}

CONTRACT_TEST(an_event_may_be_used_for_what_it_was_not_made_for) {
    for (const EventUse use : {EventUse::waited_for, EventUse::between_streams}) {
        const StreamHandle producer = make_stream();
        const StreamHandle consumer = make_stream();
        const EventHandle event = make_event(use);
        void* const cell = make_memory(1);
        auto* const seen = make_pinned<unsigned char>(1);
        *seen = 0;
        bool complete = true;
        Gate gate(device, producer);
        BOOST_TEST(ok(device.fill(cell, 9, 1, 1, producer)));
        BOOST_TEST(ok(device.event_record(event, producer)));
        BOOST_TEST(ok(device.stream_wait(consumer, event)));
        BOOST_TEST(ok(device.copy(seen, cell, 1, consumer)));
        BOOST_TEST(ok(device.event_query(event, complete)));
        BOOST_TEST(!complete);
        gate.open();
        BOOST_TEST(ok(device.event_synchronize(event)));
        BOOST_TEST(ok(device.event_query(event, complete)));
        BOOST_TEST(complete);
        BOOST_TEST(ok(device.stream_synchronize(consumer)));
        BOOST_TEST(*seen == 9);
    }
}

CONTRACT_TEST(an_event_may_be_destroyed_while_streams_wait_for_it) {
    const StreamHandle producer = make_stream();
    const StreamHandle consumer = make_stream();
    void* const cell = make_memory(1);
    auto* const seen = make_pinned<unsigned char>(1);
    *seen = 0;
    EventHandle event = nullptr;
    BOOST_TEST_REQUIRE(ok(device.event_create(event)));
    Gate gate(device, producer);
    BOOST_TEST(ok(device.fill(cell, 8, 1, 1, producer)));
    BOOST_TEST(ok(device.event_record(event, producer)));
    BOOST_TEST(ok(device.stream_wait(consumer, event)));
    BOOST_TEST(ok(device.event_destroy(event)));
    BOOST_TEST(ok(device.copy(seen, cell, 1, consumer)));
    gate.open();
    BOOST_TEST(ok(device.stream_synchronize(consumer)));
    BOOST_TEST(*seen == 8);
}

namespace {

void expect_captured(Device& device, EventHandle event, StreamHandle stream) {
    bool complete = true;
    Gate gate(device, stream);
    BOOST_TEST(ok(device.event_record_device(event)));
    BOOST_TEST(ok(device.event_query(event, complete)));
    BOOST_TEST(!complete);
    gate.open();
    BOOST_TEST(ok(device.event_synchronize(event)));
    BOOST_TEST(ok(device.event_query(event, complete)));
    BOOST_TEST(complete);
}

}  // namespace

CONTRACT_TEST(a_device_event_captures_created_streams, device_events) {
    expect_captured(device, make_event(), make_stream());
}

CONTRACT_TEST(a_device_event_captures_the_default_stream, device_events, default_stream_alone) {
    expect_captured(device, make_event(), nullptr);
}

CONTRACT_TEST(a_device_event_does_not_capture_later_work, device_events) {
    const EventHandle event = make_event();
    const StreamHandle stream = make_stream();
    BOOST_TEST(ok(device.event_record_device(event)));
    Gate gate(device, stream);
    BOOST_TEST(ok(device.event_synchronize(event)));
    bool idle = true;
    BOOST_TEST(ok(device.stream_query(stream, idle)));
    BOOST_TEST(!idle);
}

CONTRACT_TEST(a_stream_waits_for_a_device_event, device_events) {
    const StreamHandle producer = make_stream();
    const StreamHandle consumer = make_stream();
    const EventHandle event = make_event();
    void* const cell = make_memory(1);
    auto* const seen = make_pinned<unsigned char>(1);
    *seen = 0;
    Gate gate(device, producer);
    BOOST_TEST(ok(device.fill(cell, 11, 1, 1, producer)));
    BOOST_TEST(ok(device.event_record_device(event)));
    BOOST_TEST(ok(device.stream_wait(consumer, event)));
    BOOST_TEST(ok(device.copy(seen, cell, 1, consumer)));
    gate.open();
    BOOST_TEST(ok(device.stream_synchronize(consumer)));
    BOOST_TEST(*seen == 11);
}
