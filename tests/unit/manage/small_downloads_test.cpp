// SPDX-License-Identifier: Apache-2.0
// Downloads that one kernel of the producer's stream writes straight into pinned memory.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "on_channel.hpp"

using namespace triune;

namespace {

constexpr std::size_t max_at_once = 256 * KiB;

struct Calls {
    std::uint64_t copy, copy_on_device, event_record, stream_wait;
    bool operator==(const Calls&) const = default;
};

struct OnSmall : OnWriter {
    // The calls that a start makes.
    template <typename Start>
    Calls calls_of(Start&& start) {
        const Calls before = calls();
        start();
        const Calls after = calls();
        return {after.copy - before.copy, after.copy_on_device - before.copy_on_device,
                after.event_record - before.event_record, after.stream_wait - before.stream_wait};
    }
    Calls calls() const {
        return {sim.calls(Verb::copy), sim.calls(Verb::copy_on_device), sim.calls(Verb::event_record),
                sim.calls(Verb::stream_wait)};
    }
};

constexpr Calls at_once{0, 1, 1, 0};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(small_downloads, OnSmall)

BOOST_AUTO_TEST_CASE(a_small_flight_delivers_what_its_source_held) {
    fill(1);
    const auto streams = sim.ledger().streams;
    const auto live = manager.core()->resources->pool.statistics().live_bytes;
    {
        const Held held(sim);
        BOOST_TEST((calls_of([&] { start(); }) == at_once));
        BOOST_TEST(sim.ledger().streams == streams);
        fill(2);  // later: reaches no download
        BOOST_TEST(channel.pending());
    }
    BOOST_TEST(value_of(channel.wait("source")) == 1.0F);
    start();
    BOOST_TEST(value_of(channel.wait("source", WaitMode::sleeping)) == 2.0F);
    BOOST_TEST(manager.core()->resources->pool.statistics().live_bytes == live);  // nothing is staged
}

BOOST_AUTO_TEST_CASE(several_arrays_of_any_lengths_are_one_kernel) {
    std::vector<Buffer<float>> many;
    std::vector<DeviceSpan> spans{DeviceSpan{}};
    for (int i = 0; i < 30; ++i) {
        many.push_back(manager.make_buffer<float>("many", 10 + static_cast<std::size_t>(i)));
        many.back().fill(static_cast<float>(i), stream.handle());
        spans.push_back({many.back().data(), many.back().size_bytes()});
    }
    BOOST_TEST((calls_of([&] { channel.start(spans, stream.handle(), "many"); }) == at_once));
    const Snapshot snapshot = channel.wait("many");
    for (std::size_t i = 0; i < 30; ++i) {
        const auto view = snapshot.view<float>(i + 1);
        BOOST_TEST(view.size() == 10 + i);
        for (const float each : view) BOOST_TEST(each == static_cast<float>(i));
    }
}

BOOST_AUTO_TEST_CASE(what_is_larger_or_direct_or_without_a_stream_crosses_the_link_by_itself) {
    const auto all = manager.make_buffer<std::byte>("all", max_at_once + 1);
    const auto start_of = [&](std::size_t bytes) {
        const DeviceSpan span{all.data(), bytes};
        channel.start({&span, 1}, stream.handle(), "all");
        static_cast<void>(channel.wait("all"));
    };
    BOOST_TEST((calls_of([&] { start_of(max_at_once); }) == at_once));
    BOOST_TEST(calls_of([&] { start_of(max_at_once + 1); }).copy == 1U);
    BOOST_TEST(calls_of([&] { start(DownloadMode::direct); }).copy == 1U);
    static_cast<void>(channel.wait("source"));
    const DeviceSpan span{source.data(), source.size_bytes()};
    const auto without = [&] {
        channel.start_in({&span, 1}, StreamOrder::after_all(), "source", DownloadMode::staged);
    };
    BOOST_TEST(calls_of(without).copy == 1U);
    static_cast<void>(channel.wait("source"));
}

// Two that are under way at a time land in the order of their starts, whatever their streams do.
BOOST_AUTO_TEST_CASE(a_small_flight_does_not_overtake_the_one_before) {
    const Stream other(sim);
    const DeviceSpan span{source.data(), source.size_bytes()};
    fill(1);
    stream.synchronize();
    {
        const Held held(sim);
        BOOST_TEST((calls_of([&] { start(); }) == at_once));
        const Calls second = calls_of([&] { channel.start({&span, 1}, other.handle(), "source"); });
        BOOST_TEST(second.copy == 1U);
        BOOST_TEST(second.stream_wait == 2U);  // for the staging, and for the one before
    }
    BOOST_TEST(value_of(channel.wait("source")) == 1.0F);
    BOOST_TEST(!channel.pending());
}

BOOST_AUTO_TEST_CASE(a_write_that_was_held_back_reaches_no_small_flight) {
    const Stream writer(sim);
    fill(1);
    stream.synchronize();
    {
        const Held held(sim);
        start();
        channel.hold_back(writer.handle());
        source.fill(2, writer.handle());
    }
    BOOST_TEST(value_of(channel.wait("source")) == 1.0F);
    writer.synchronize();
    start();
    channel.wait_until_released();
    std::memset(source.data(), 0, source.size_bytes());  // the host's memory, on the simulated device
    BOOST_TEST(value_of(channel.wait("source")) == 2.0F);
}

// A graph of it would write into the slot again whenever it runs.
BOOST_AUTO_TEST_CASE(a_stream_that_captures_is_refused_and_its_capture_kept) {
    const Quiet quiet;
    fill(1);
    start();  // so that no later one needs memory
    static_cast<void>(channel.wait("source"));
    for (const auto mode : {DownloadMode::staged, DownloadMode::direct}) {
        sim.begin_capture(stream.handle());
        const std::string what = message_of<device_error>([&] { start(mode); });
        BOOST_TEST(mentions(what, "'source'"));
        BOOST_TEST(mentions(what, "capturing a graph"));
        BOOST_TEST(sim.end_capture(stream.handle()));
        BOOST_TEST(!channel.unclaimed());
        start(mode);
        BOOST_TEST(value_of(channel.wait("source")) == 1.0F);
    }
}

// The third takes the slot that the staged one left.
BOOST_AUTO_TEST_CASE(small_and_staged_flights_take_turns_in_a_slot) {
    const auto large = manager.make_buffer<float>("large", max_at_once);
    const DeviceSpan span{large.data(), large.size_bytes()};
    for (float value = 1; value < 6; ++value) {
        fill(value);
        start();
        BOOST_TEST(value_of(channel.wait("source")) == value);
        large.fill(-value, stream.handle());
        channel.start({&span, 1}, stream.handle(), "large");
        large.fill(0, stream.handle());
        BOOST_TEST(value_of(channel.wait("large")) == -value);
    }
}

BOOST_AUTO_TEST_SUITE_END()
