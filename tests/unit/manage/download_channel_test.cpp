// SPDX-License-Identifier: Apache-2.0
// Downloads: what they deliver, what they wait for, and whom they leave alone.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <typeinfo>
#include <vector>

#include <triune/detail/manage/buffer_contents.hpp>
#include <triune/detail/manage/buffer_downloads.hpp>

#include "../../contract/gate.hpp"
#include "on_channel.hpp"

using namespace triune;

namespace {

constexpr std::size_t count = 1000;  // of OnChannel::source

void fail_at_any_verb(OnChannel& on) {
    const Quiet quiet;
    on.fill(1);
    on.start();
    static_cast<void>(on.channel.wait("source"));
    unsigned thrown = 0;
    float value = 1;
    for (const Verb verb :
         {Verb::stream_id, Verb::event_create, Verb::pinned_allocate, Verb::copy, Verb::copy_on_device,
          Verb::event_record, Verb::stream_wait, Verb::event_query, Verb::fill}) {
        for (std::uint64_t nth = 1; nth <= 4; ++nth) {
            BOOST_TEST_CONTEXT("call " << nth << " of " << to_string(verb)) {
                for (const auto mode : {DownloadMode::staged, DownloadMode::direct}) {
                    const float newest = value;
                    on.fill(value + 1);
                    const auto number = on.channel.latest().sequence();
                    on.sim.fail(verb, nth, cuda_error::unknown);
                    bool failed = false;
                    try {
                        on.start(mode);
                    } catch (const Error&) {
                        failed = true;
                        ++thrown;
                    }
                    on.sim.clear_failures();
                    if (failed) {
                        BOOST_TEST(!on.channel.unclaimed());
                        BOOST_TEST(on.value_of(on.channel.latest()) == newest);
                        BOOST_TEST(on.channel.latest().sequence() == number);
                        on.start(mode);
                    }
                    value += 1;
                    BOOST_TEST(on.value_of(on.channel.wait("source")) == value);
                    on.manager.core()->resources->pool.check_invariants();
                }
            }
        }
    }
    BOOST_TEST(thrown >= 6U);
    on.expected_teardown_failures = teardown_failures() - on.teardown_failures_before;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(download_channel, OnChannel)

BOOST_AUTO_TEST_CASE(a_flight_delivers_what_its_source_held_at_its_place_in_the_stream) {
    {
        const Held held(sim);
        fill(1);
        start();
        fill(2);  // later: reaches no download
    }
    BOOST_TEST(value_of(channel.wait("source")) == 1.0F);
    start();
    BOOST_TEST(value_of(channel.wait("source")) == 2.0F);
}

BOOST_AUTO_TEST_CASE(work_after_a_start_does_not_wait_for_the_link) {
    fill(1);
    std::optional<HeldLink> held{std::in_place, sim};
    start();
    fill(2);
    stream.synchronize();  // would hang if it waited for the link
    BOOST_TEST(channel.pending());
    held.reset();
    BOOST_TEST(value_of(channel.wait("source")) == 1.0F);
}

// The download is late, so that a free which does not wait for it gives its bytes to the next.
BOOST_FIXTURE_TEST_CASE(a_free_on_another_stream_takes_nothing_from_under_a_flight, OnLateManager) {
    const Stream other(sim);
    for (const auto mode : {DownloadMode::staged, DownloadMode::direct}) {
        const auto flights = std::make_shared<DownloadChannel>(manager.core()->resources);
        const BufferDescription floats{{OwnerKind::typed, &typeid(float), {}}, 4, {}, true};
        const BufferReference state(new BufferState(manager.core(), "x", floats));
        state->ensure(4 * MiB, StreamOrder::after_all());
        const float value = 3.0F;
        BufferContents::fill(*state, 0, &value, 1 * MiB, StreamOrder::on(stream.handle()));
        stream.synchronize();  // else it would be late as well, and write the bytes again
        BufferDownloads::read_by(*state, flights);
        const DeviceSpan span{state->data(), 4 * MiB};
        flights->start({&span, 1}, stream.handle(), "x", mode);
        state->free(StreamOrder::on(other.handle()));
        const auto thief = manager.make_buffer<float>("thief", 1 * MiB, {}, other.handle());
        BOOST_TEST(static_cast<const void*>(thief.data()) == span.data);
        thief.fill(9.0F, other.handle());
        other.synchronize();
        const auto view = flights->wait("x").view<float>(0);
        BOOST_TEST(std::all_of(view.begin(), view.end(), [](float each) { return each == 3.0F; }));
    }
}

BOOST_AUTO_TEST_CASE(a_direct_flight_needs_no_staging_memory) {
    fill(3);
    const auto live = manager.core()->resources->pool.statistics();
    start(DownloadMode::direct);
    const auto now = manager.core()->resources->pool.statistics();
    BOOST_TEST(now.waiting_bytes == live.waiting_bytes);
    BOOST_TEST(value_of(channel.wait("source")) == 3.0F);
}

BOOST_AUTO_TEST_CASE(starting_waits_for_nothing_and_a_third_flight_is_refused) {
    std::optional<Held> held{std::in_place, sim};
    fill(1);
    start();
    fill(2);
    start();
    BOOST_TEST(channel.pending());
    const std::string what = message_of<download_in_flight>([&] { start(); });
    BOOST_TEST(mentions(what, "'source'"));
    held.reset();
    BOOST_TEST(value_of(channel.wait("source")) == 2.0F);
    start();
    BOOST_TEST(value_of(channel.wait("source")) == 2.0F);
}

BOOST_AUTO_TEST_CASE(a_view_that_is_held_is_never_overwritten) {
    fill(1);
    start();
    auto first = channel.wait("source");
    fill(2);
    start();
    const auto second = channel.wait("source");
    fill(3);
    const std::string what = message_of<download_in_flight>([&] { start(); });
    BOOST_TEST(mentions(what, "view"));
    BOOST_TEST(value_of(first) == 1.0F);
    first = {};
    start();
    BOOST_TEST(value_of(second) == 2.0F);
    BOOST_TEST(value_of(channel.wait("source")) == 3.0F);
}

BOOST_AUTO_TEST_CASE(a_wait_needs_a_start_of_its_own) {
    BOOST_CHECK_THROW(channel.wait("source"), no_pending_download);
    BOOST_TEST(!channel.unclaimed());
    start();
    BOOST_TEST(channel.unclaimed());
    static_cast<void>(channel.wait("source"));
    BOOST_TEST(!channel.unclaimed());
    BOOST_CHECK_THROW(channel.wait("source"), no_pending_download);
}

BOOST_AUTO_TEST_CASE(the_latest_snapshot_is_the_newest_complete_one_and_waits_for_nothing) {
    BOOST_TEST(!channel.latest());
    fill(1);
    start();
    static_cast<void>(channel.wait("source"));
    {
        const Held held(sim);
        fill(2);
        start();
        BOOST_TEST(value_of(channel.latest()) == 1.0F);
    }
    BOOST_TEST(sim.synchronize().ok());
    BOOST_TEST(value_of(channel.latest()) == 2.0F);
    BOOST_TEST(channel.unclaimed());
    BOOST_TEST(value_of(channel.claim_latest()) == 2.0F);
    BOOST_TEST(!channel.unclaimed());
}

// A kernel that never ends on one stream is no reason why another stream's downloads, or its later work, should wait.
BOOST_AUTO_TEST_CASE(what_holds_one_producer_up_holds_up_no_other_producers_flight, *boost::unit_test::timeout(60)) {
    const Stream other(sim);
    const DeviceSpan span{source.data(), source.size_bytes()};
    fill(1);
    stream.synchronize();
    DownloadChannel beside(manager.core()->resources);
    DownloadChannel staged(manager.core()->resources);
    DownloadChannel direct(manager.core()->resources);
    const contract::Gate kernel(sim, stream.handle());
    for (const auto mode : {DownloadMode::staged, DownloadMode::direct}) {
        DownloadChannel& held = mode == DownloadMode::staged ? staged : direct;
        held.start({&span, 1}, stream.handle(), "held", mode);
        beside.start({&span, 1}, other.handle(), "beside", mode);
        BOOST_TEST(value_of(beside.wait("beside")) == 1.0F);
        held.start({&span, 1}, other.handle(), "held", DownloadMode::staged);
        other.synchronize();  // lands after the other one of its channel, but its producer goes on
        BOOST_TEST(held.pending());
    }
}

BOOST_AUTO_TEST_CASE(streams_are_made_for_the_flights_that_are_under_way_at_a_time_and_no_more) {
    const auto streams = sim.ledger().streams;
    constexpr std::size_t waking = 1;  // where a thread slept
    for (int i = 0; i < 10; ++i) {
        DownloadChannel brief(manager.core()->resources);
        const DeviceSpan span{source.data(), source.size_bytes()};
        brief.start({&span, 1}, stream.handle(), "brief");
        if (i % 2 == 0) static_cast<void>(brief.wait("brief"));
    }
    BOOST_TEST(sim.ledger().streams <= streams + 1 + waking);
    {
        const Held held(sim);
        start();
        start();
    }
    static_cast<void>(channel.wait("source"));
    BOOST_TEST(!channel.pending());
    BOOST_TEST(sim.ledger().streams <= streams + 2 + waking);
    manager.trim();
    BOOST_TEST(sim.ledger().streams == streams);
}

BOOST_AUTO_TEST_CASE(either_way_of_waiting_ends_asleep_where_the_link_or_the_producer_is_late) {
    float value = 0;
    for (const auto mode : {WaitMode::prompt, WaitMode::prompt, WaitMode::sleeping}) {  // the first learns the speed
        for (const bool link : {true, false}) {
            fill(++value);
            stream.synchronize();
            link ? sim.hold_link() : sim.hold_streams();
            start();
            const auto sleeps = sim.calls(Verb::event_synchronize);
            std::thread late([&] {
                while (sim.calls(Verb::event_synchronize) == sleeps) std::this_thread::yield();
                link ? sim.release_link() : sim.release_streams();
            });
            const float delivered = value_of(channel.wait("source", mode));
            late.join();
            BOOST_TEST(delivered == value);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_thread_that_waits_promptly_looks_itself_and_one_that_sleeps_does_not) {
    start();
    static_cast<void>(channel.wait("source"));  // before it nothing is known of the link
    for (const auto mode : {WaitMode::prompt, WaitMode::sleeping}) {
        sim.hold_link();
        start();
        const auto looks = sim.calls(Verb::event_query);
        const auto sleeps = sim.calls(Verb::event_synchronize);
        std::thread late([&] {  // a prompt thread that gets no processor may be out of patience before its tenth look
            const auto asleep = [&] { return sim.calls(Verb::event_synchronize) != sleeps; };
            const auto looked_long = [&] { return sim.calls(Verb::event_query) >= looks + 10; };
            while (!asleep() && !(mode == WaitMode::prompt && looked_long())) std::this_thread::yield();
            sim.release_link();
        });
        static_cast<void>(channel.wait("source", mode));
        late.join();
        const auto looked = sim.calls(Verb::event_query) - looks;
        BOOST_TEST((mode == WaitMode::prompt ? looked > 1 : looked == 1));
    }
}

// The first download makes the link look slow: by that the next one would take minutes.
BOOST_AUTO_TEST_CASE(a_small_download_that_was_late_makes_no_later_one_wait, *boost::unit_test::timeout(60)) {
    const auto large = manager.make_buffer<float>("large", 16 * MiB);
    const auto held_for_a_while = [this](void (sim::SimDevice::*hold)(), void (sim::SimDevice::*release)(),
                                         const auto& start_and_wait) {
        (sim.*hold)();
        std::thread late([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            (sim.*release)();
        });
        start_and_wait();
        late.join();
    };
    held_for_a_while(&sim::SimDevice::hold_streams, &sim::SimDevice::release_streams, [&] {
        start();
        static_cast<void>(channel.wait("source", WaitMode::sleeping));
    });
    held_for_a_while(&sim::SimDevice::hold_link, &sim::SimDevice::release_link, [&] {
        const DeviceSpan span{large.data(), large.size_bytes()};
        channel.start({&span, 1}, stream.handle(), "large");
        channel.wait_until_released();
        BOOST_TEST(channel.wait("large").bytes(0) == large.size_bytes());
    });
}

BOOST_AUTO_TEST_CASE(a_later_snapshot_has_a_higher_number) {
    for (std::uint64_t number = 1; number <= 5; ++number) {
        start();
        BOOST_TEST(channel.wait("source").sequence() == number);
    }
    BOOST_TEST(Snapshot().sequence() == 0U);
    BOOST_TEST(Snapshot().view<float>(0).empty());
}

BOOST_AUTO_TEST_CASE(a_snapshot_outlives_its_channel_its_buffer_and_its_manager) {
    Snapshot kept;
    {
        GpuMemoryManager brief(sim);
        DownloadChannel flights(brief.core()->resources);
        const auto buffer = brief.make_buffer<float>("brief", count);
        buffer.fill(6);
        const DeviceSpan span{buffer.data(), buffer.size_bytes()};
        flights.start({&span, 1}, stream.handle(), "brief");
        kept = flights.wait("brief");
    }
    BOOST_TEST(value_of(kept) == 6.0F);
}

BOOST_AUTO_TEST_CASE(a_channel_that_goes_waits_for_the_flight_that_writes_its_memory) {
    {
        DownloadChannel brief(manager.core()->resources);
        fill(1);
        const DeviceSpan span{source.data(), source.size_bytes()};
        brief.start({&span, 1}, stream.handle(), "brief");
    }
    manager.core()->resources->pinned.trim();
    BOOST_TEST(sim.ledger().pinned_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(arrays_of_one_flight_lie_aligned_in_one_piece_and_keep_their_own_lengths) {
    const auto bytes = manager.make_buffer<std::uint8_t>("bytes", 33);
    bytes.fill(std::uint8_t{7});
    fill(2);
    const std::array spans{DeviceSpan{bytes.data(), 33}, DeviceSpan{}, DeviceSpan{source.data(), source.size_bytes()}};
    channel.start(spans, stream.handle(), "several");
    const auto snapshot = channel.wait("several");
    BOOST_TEST(snapshot.array_count() == 3U);
    BOOST_TEST(snapshot.view<std::uint8_t>(0).size() == 33U);
    BOOST_TEST(snapshot.view<std::uint8_t>(0)[32] == 7);
    BOOST_TEST(snapshot.bytes(1) == 0U);
    BOOST_TEST(snapshot.view<float>(2)[count - 1] == 2.0F);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(snapshot.data(2)) % 256 == 0U);
    BOOST_TEST(sim.calls(Verb::pinned_allocate) == 1U);
}

BOOST_AUTO_TEST_CASE(nothing_is_pinned_nor_allocated_in_the_steady_state) {
    for (int i = 0; i < 4; ++i) {
        start();
        static_cast<void>(channel.wait("source"));
    }
    const auto pinned = sim.calls(Verb::pinned_allocate);
    const auto chunks = sim.calls(Verb::chunk_create);
    const auto events = sim.calls(Verb::event_create);
    for (int i = 0; i < 20; ++i) {
        start();
        static_cast<void>(channel.wait("source"));
    }
    BOOST_TEST(sim.calls(Verb::pinned_allocate) == pinned);
    BOOST_TEST(sim.calls(Verb::chunk_create) == chunks);
    BOOST_TEST(sim.calls(Verb::event_create) <= events + 20);  // of staging blocks that still wait
}

BOOST_AUTO_TEST_CASE(a_write_that_was_held_back_reaches_no_flight) {
    const Stream writer(sim);
    {
        contract::Gate gate(sim, stream.handle());
        fill(1);
        start(DownloadMode::direct);
        channel.hold_back(writer.handle());
        source.fill(2, writer.handle());
        BOOST_TEST(!writer.query());
    }
    BOOST_TEST(value_of(channel.wait("source")) == 1.0F);
    BOOST_TEST(source.download()[0] == 2.0F);
}

BOOST_AUTO_TEST_CASE(waiting_until_the_source_is_read_lets_the_host_write_it) {
    fill(1);
    channel.wait_until_released();  // no download: nothing to wait for
    start();
    channel.wait_until_released();
    std::memset(source.data(), 0, source.size_bytes());
    BOOST_TEST(value_of(channel.wait("source")) == 1.0F);
}

BOOST_AUTO_TEST_CASE(a_failure_at_any_verb_leaves_the_older_snapshots_and_the_next_start_works) {
    fail_at_any_verb(*this);
}

BOOST_FIXTURE_TEST_CASE(so_does_a_failure_of_a_download_that_goes_at_once, OnWriter) { fail_at_any_verb(*this); }

BOOST_AUTO_TEST_CASE(a_thread_that_cannot_be_woken_stays_awake, *boost::unit_test::timeout(60)) {
    fill(1);
    for (const Verb verb : {Verb::stream_wait, Verb::event_record, Verb::stream_create}) {
        BOOST_TEST_CONTEXT(to_string(verb)) {
            manager.trim();
            sim.hold_link();
            start();
            const auto calls = sim.calls(verb);
            sim.fail(verb, 1, cuda_error::unknown);
            std::thread late([&] {
                while (sim.calls(verb) == calls) std::this_thread::yield();
                sim.release_link();
            });
            BOOST_TEST(value_of(channel.wait("source", WaitMode::sleeping)) == 1.0F);
            late.join();
            sim.clear_failures();
        }
    }
}

BOOST_AUTO_TEST_CASE(a_snapshot_composed_on_the_host_takes_the_older_slots_place) {
    fill(1);
    start();
    const auto flown = channel.wait("source");
    const std::array<std::size_t, 2> sizes{4, 8};
    auto composed = channel.compose(
        sizes, [](std::size_t array, void* data) { std::memset(data, array == 0 ? 1 : 2, array == 0 ? 4 : 8); });
    BOOST_TEST(value_of(channel.latest()) == 1.0F);
    channel.adopt(composed);
    BOOST_TEST(!channel.unclaimed());
    BOOST_TEST(channel.latest().sequence() > flown.sequence());
    BOOST_TEST(channel.latest().view<std::uint8_t>(1).size() == 8U);
    BOOST_TEST(channel.latest().view<std::uint8_t>(1)[7] == 2);
    BOOST_TEST(value_of(flown) == 1.0F);
}

BOOST_AUTO_TEST_SUITE_END()
