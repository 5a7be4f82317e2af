// SPDX-License-Identifier: Apache-2.0
// Every call of every verb that a growth makes fails in turn: the buffers are as they were, and then grow after all.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <vector>

#include <triune/detail/manage/growth_policy.hpp>
#include <triune/detail/manage/manager_core.hpp>

#include "on_manager.hpp"

using namespace triune;

namespace {

// Undoing a growth may call these; a failure of the undoing itself is a leak, logged and counted, as everywhere.
constexpr std::array undoing = {Verb::stream_destroy,  Verb::event_destroy, Verb::pinned_release, Verb::memory_release,
                                Verb::address_release, Verb::chunk_release, Verb::unmap};

// What a failed call must not change, the device's memory included: caches are given back before it is read.
struct State {
    std::vector<void*> data;
    std::vector<std::size_t> sizes;
    std::size_t total, peak, resizes, allocations;
    std::size_t chunk_bytes, mappings, reservations, plain_bytes;
    bool operator==(const State&) const = default;
};

struct Subject {
    std::function<State(GpuMemoryManager&)> state;
    std::function<void()> grow;
    std::function<void()> check_contents;  // of what was there before
};

State state_of(GpuMemoryManager& manager, const std::vector<BufferHandle<float>>& buffers) {
    manager.trim();
    const auto ledger = dynamic_cast<sim::SimDevice&>(manager.device()).ledger();
    const auto stats = manager.stats();
    State state{{},
                {},
                stats.total_allocated_bytes,
                stats.peak_allocated_bytes,
                stats.resize_count,
                stats.allocation_count,
                ledger.chunk_bytes,
                ledger.mappings,
                ledger.reservations,
                ledger.allocated_bytes};
    for (const auto& buffer : buffers) {
        state.data.push_back(buffer.data());
        state.sizes.push_back(buffer.size());
        state.sizes.push_back(buffer.capacity());
    }
    return state;
}

// Less memory than the pool asks for at a time, in small chunks: each of the many devices here then touches little of
// it.
sim::SimOptions few_bytes() {
    sim::SimOptions options = BalancedSim::small(6 * MiB);
    options.chunk_granularity = 64 * KiB;
    return options;
}

// `make` sets up what grows, on a fresh device each time.
void fail_each(const std::function<Subject(OnManager&)>& make, sim::SimOptions options = few_bytes()) {
    const Quiet quiet;
    unsigned thrown = 0;
    for (std::size_t number = 0; number < verb_count; ++number) {
        const auto verb = static_cast<Verb>(number);
        if (std::find(undoing.begin(), undoing.end(), verb) != undoing.end()) continue;
        bool reached = true;
        for (std::uint64_t nth = 1; reached; ++nth) {
            BOOST_TEST_CONTEXT("call " << nth << " of " << to_string(verb)) {
                OnManager on(GpuMemoryManager::default_limit_bytes, options);
                const Subject subject = make(on);
                const State before = subject.state(on.manager);
                const auto calls = on.sim.calls(verb);
                on.sim.fail(verb, nth, cuda_error::unknown);
                bool failed = false;
                try {
                    subject.grow();
                } catch (const Error&) {
                    failed = true;
                    ++thrown;
                }
                reached = on.sim.calls(verb) - calls >= nth;
                on.sim.clear_failures();
                on.expected_teardown_failures = teardown_failures() - on.teardown_failures_before;
                if (failed) {
                    BOOST_TEST((subject.state(on.manager) == before));
                    subject.check_contents();
                    subject.grow();
                }
                BOOST_TEST(!(subject.state(on.manager) == before));
                subject.check_contents();
                on.manager.core()->resources->pool.check_invariants();
            }
        }
    }
    BOOST_TEST(thrown > 0U);
}

// One buffer from `count` elements to `grown`.
std::function<Subject(OnManager&)> one(std::size_t count, std::size_t grown, const BufferConfig& config,
                                       bool on_stream) {
    return [=](OnManager& on) {
        on.manager.make_buffer<float>("warm", 1).reset();  // the pool keeps the addresses that it reserves first
        const auto buffer = on.manager.allocate<float>("x", count, config);
        if (count > 0) buffer.fill(4.0F);
        const StreamHandle stream = on.stream.handle();
        return Subject{
            [=](GpuMemoryManager& manager) { return state_of(manager, {buffer}); },
            [=] { on_stream ? buffer.ensure_capacity(grown, stream) : buffer.ensure_capacity(grown); },
            [=] {
                // The front and the very end: large buffers would take long to read.
                std::vector<float> values(std::min<std::size_t>(buffer.size(), 2000));
                buffer.download_at(0, values);
                for (std::size_t i = 0; i < values.size(); ++i) {
                    if (values[i] != (i < count ? 4.0F : 0.0F)) {
                        BOOST_ERROR("element " << i << " is " << values[i]);
                        break;
                    }
                }
                if (buffer.size() <= count) return;
                values.resize(1);
                buffer.download_at(buffer.size() - 1, values);
                BOOST_TEST(values[0] == 0.0F);
            },
        };
    };
}

void fail_both_ways(std::size_t count, std::size_t grown, const BufferConfig& config = {}) {
    fail_each(one(count, grown, config, false));
    fail_each(one(count, grown, config, true));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(growth_failures)

BOOST_AUTO_TEST_CASE(a_failed_first_growth_leaves_nothing) { fail_both_ways(0, 5000); }

BOOST_AUTO_TEST_CASE(a_failed_growth_within_the_block_leaves_the_buffer_unchanged) { fail_both_ways(10, 64); }

BOOST_AUTO_TEST_CASE(a_failed_growth_by_a_copy_leaves_the_buffer_unchanged) { fail_both_ways(1000, 5000); }

BOOST_AUTO_TEST_CASE(a_failed_growth_into_an_arena_leaves_the_buffer_unchanged) {
    BufferConfig config;
    config.max_size_bytes = 64 * MiB;
    fail_each(one(1000, map_threshold_bytes / sizeof(float), config, false), BalancedSim::small(80 * MiB));
}

BOOST_AUTO_TEST_CASE(a_failed_first_growth_into_an_arena_leaves_nothing) { fail_both_ways(0, 5000, mapped()); }

BOOST_AUTO_TEST_CASE(a_failed_growth_in_place_leaves_the_buffer_unchanged) { fail_both_ways(1000, 64 * KiB, mapped()); }

BOOST_AUTO_TEST_CASE(a_failed_growth_on_plain_memory_leaves_the_buffer_unchanged) {
    sim::SimOptions options = few_bytes();
    options.virtual_memory = false;
    fail_each(one(1000, 5000, {}, false), options);
}

BOOST_AUTO_TEST_CASE(a_failed_growth_without_device_events_leaves_the_buffer_unchanged) {
    sim::SimOptions options = few_bytes();
    options.device_events = false;
    fail_each(one(1000, 5000, {}, false), options);
}

BOOST_AUTO_TEST_CASE(a_group_of_which_one_array_cannot_grow_is_unchanged_as_a_whole) {
    for (const bool on_stream : {false, true}) {
        for (const BufferConfig& config : {BufferConfig{}, mapped()}) {
            fail_each([=](OnManager& on) {
                auto group = std::make_shared<BufferGroup<float>>(
                    on.manager, "g", std::initializer_list<std::string_view>{"x", "y", "z"}, 1000, config);
                for (std::size_t i = 0; i < 3; ++i) (*group)[i].fill(static_cast<float>(i + 1));
                const StreamHandle stream = on.stream.handle();
                return Subject{
                    [=](GpuMemoryManager& manager) {
                        return state_of(manager, {(*group)[0], (*group)[1], (*group)[2]});
                    },
                    [=] { on_stream ? group->ensure_capacity(64 * KiB, stream) : group->ensure_capacity(64 * KiB); },
                    [=] {
                        for (std::size_t i = 0; i < 3; ++i) {
                            const auto values = (*group)[i].download();
                            BOOST_TEST(values[999] == static_cast<float>(i + 1));
                            if (values.size() > 1000) BOOST_TEST(values[1000] == 0.0F);
                        }
                    },
                };
            });
        }
    }
}

BOOST_AUTO_TEST_CASE(a_failed_shrinking_leaves_the_buffer_unchanged) {
    for (const BufferConfig& config : {BufferConfig{}, mapped()}) {
        fail_each([=](OnManager& on) {
            const auto buffer = on.manager.allocate<float>("x", 64 * KiB, config);
            buffer.fill(4.0F);
            buffer.reserve(64 * KiB + 1);
            buffer.set_size(1000);
            return Subject{
                [=](GpuMemoryManager& manager) { return state_of(manager, {buffer}); },
                [=] { buffer.shrink_to_fit(); },
                [=] { BOOST_TEST(buffer.download()[999] == 4.0F); },
            };
        });
    }
}

BOOST_AUTO_TEST_CASE(a_failed_allocation_leaves_no_buffer) {
    const Quiet quiet;
    for (const Verb verb :
         {Verb::stream_id, Verb::chunk_create, Verb::map, Verb::set_access, Verb::fill, Verb::stream_synchronize}) {
        OnManager on;
        on.sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(on.manager.allocate<float>("x", 1000), device_error);
        BOOST_TEST(!on.manager.contains("x"));
        BOOST_TEST(on.manager.stats().buffer_count == 0U);
        BOOST_TEST(on.manager.check_leaks(RecordFilter::all).empty());
        BOOST_TEST(on.manager.core()->resources->pool.statistics().live_blocks == 0U);
        BOOST_TEST(on.manager.allocate<float>("x", 1000).size() == 1000U);
        on.expected_teardown_failures = teardown_failures() - on.teardown_failures_before;
    }
}

BOOST_AUTO_TEST_SUITE_END()
