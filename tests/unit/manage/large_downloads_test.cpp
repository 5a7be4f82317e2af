// SPDX-License-Identifier: Apache-2.0
// Downloads that are staged in more than one part, and of several arrays.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "on_channel.hpp"

using namespace triune;

namespace {

struct OnLarge : OnChannel {
    // Some 33 MiB in three arrays.
    std::array<Buffer<float>, 3> large{manager.make_buffer<float>("a", MiB / 4 + 100),
                                       manager.make_buffer<float>("b", 12 * MiB / 4 + 7),
                                       manager.make_buffer<float>("c", 20 * MiB / 4)};
    // The front halves get `value`, the others its negative.
    void fill_large(float value) {
        for (const auto& array : large) {
            const std::size_t half = array.size() / 2;
            array.fill(value, stream.handle());
            array.fill_at(half, array.size() - half, -value, stream.handle());
        }
    }
    void start_large() {
        std::array<DeviceSpan, 3> spans;
        for (std::size_t i = 0; i < 3; ++i) spans[i] = {large[i].data(), large[i].size_bytes()};
        channel.start(spans, stream.handle(), "large");
    }
    // What they were all filled with, 0 where any differs.
    static float value_of_all(const Snapshot& snapshot) {
        const float value = snapshot.view<float>(0)[0];
        for (std::size_t i = 0; i < 3; ++i) {
            const auto view = snapshot.view<float>(i);
            const auto half = view.begin() + static_cast<std::ptrdiff_t>(view.size() / 2);
            const auto are = [](float wanted) { return [wanted](float each) { return each == wanted; }; };
            if (!std::all_of(view.begin(), half, are(value)) || !std::all_of(half, view.end(), are(-value))) return 0;
        }
        return value;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(large_downloads, OnLarge)

BOOST_AUTO_TEST_CASE(a_large_flight_is_of_one_moment) {
    {
        const Held held(sim);
        fill_large(1);
        start_large();
        fill_large(2);  // later
    }
    BOOST_TEST(value_of_all(channel.wait("large")) == 1.0F);
    start_large();
    fill_large(3);
    start_large();
    BOOST_TEST(value_of_all(channel.wait("large")) == 3.0F);
    BOOST_TEST(value_of_all(channel.latest()) == 3.0F);
}

// Between two calls of ours another thread that feeds the producer's stream could queue work.
BOOST_AUTO_TEST_CASE(a_flight_is_one_piece_of_work_of_its_producers_however_large_and_of_however_many_arrays) {
    const auto work = [&] {
        return sim.calls(Verb::copy) + sim.calls(Verb::copy_on_device) + sim.calls(Verb::fill);
    };
    std::vector<Buffer<float>> many;
    std::vector<DeviceSpan> spans;
    for (int i = 0; i < 100; ++i) {
        many.push_back(manager.make_buffer<float>("many", 10 + static_cast<std::size_t>(i)));
        many.back().fill(static_cast<float>(i), stream.handle());
        spans.push_back({many.back().data(), many.back().size_bytes()});
    }
    for (const bool few : {true, false}) {
        fill_large(1);
        stream.synchronize();
        const auto before = work();
        few ? start_large() : channel.start(spans, stream.handle(), "many");
        BOOST_TEST(work() == before + 2);  // and one over the link
        const Snapshot snapshot = channel.wait("");
        if (few) {
            BOOST_TEST(value_of_all(snapshot) == 1.0F);
            continue;
        }
        for (std::size_t i = 0; i < 100; ++i) {
            const auto view = snapshot.view<float>(i);
            const auto same = [&](float each) { return each == static_cast<float>(i); };
            BOOST_TEST(std::all_of(view.begin(), view.end(), same));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_large_downloads_source_does_not_wait_for_the_link) {
    fill_large(1);
    std::optional<HeldLink> held{std::in_place, sim};
    start_large();
    channel.wait_until_released();  // would hang
    fill_large(2);
    stream.synchronize();
    held.reset();
    BOOST_TEST(value_of_all(channel.wait("large")) == 1.0F);
}

BOOST_AUTO_TEST_CASE(a_large_flight_that_fails_leaves_the_newer_snapshot) {
    const Quiet quiet;
    fill_large(1);
    start_large();
    static_cast<void>(channel.wait("large"));
    float newest = 1;
    const std::pair<Verb, unsigned> points[]{{Verb::copy_on_device, 1},
                                             {Verb::copy, 1},
                                             {Verb::event_record, 1},
                                             {Verb::event_record, 2},
                                             {Verb::stream_wait, 1}};
    for (const auto& [verb, nth] : points) {
        BOOST_TEST_CONTEXT("call " << nth << " of " << to_string(verb)) {
            fill_large(newest + 1);
            sim.fail(verb, nth, cuda_error::unknown);
            BOOST_CHECK_THROW(start_large(), device_error);
            sim.clear_failures();
            fill_large(newest + 2);
            BOOST_TEST(!channel.unclaimed());
            BOOST_TEST(value_of_all(channel.latest()) == newest);
            start_large();
            newest += 2;
            BOOST_TEST(value_of_all(channel.wait("large")) == newest);
            manager.core()->resources->pool.check_invariants();
        }
    }
    expected_teardown_failures = teardown_failures() - teardown_failures_before;
}

BOOST_AUTO_TEST_SUITE_END()
