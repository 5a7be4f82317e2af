// SPDX-License-Identifier: Apache-2.0
// Every call of every verb that an operation makes fails in turn: what throws has changed nothing, and works when it is
// called again. Growth has a file of its own, growth_failures_test.cpp.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/graph/cell_buffers.hpp>
#include <triune/graph/graph_arrays.hpp>

#include "on_manager.hpp"

using namespace triune;

namespace {

// Giving back may call these; a failure of giving back is a leak, logged and counted, as everywhere.
constexpr std::array undoing = {Verb::stream_destroy,  Verb::event_destroy, Verb::pinned_release, Verb::memory_release,
                                Verb::address_release, Verb::chunk_release, Verb::unmap};

bool is_undoing(Verb verb) { return std::find(undoing.begin(), undoing.end(), verb) != undoing.end(); }

// What a failed call must not change.
struct Books {
    std::size_t total = 0, buffers = 0, resizes = 0, transfers = 0;
    std::vector<std::pair<std::string, std::size_t>> records;
    bool operator==(const Books&) const = default;
};
Books books_of(const GpuMemoryManager& manager) {
    const auto stats = manager.stats();
    Books books{stats.total_allocated_bytes, stats.buffer_count, stats.resize_count, stats.async_transfer_count, {}};
    for (const auto& record : manager.check_leaks(RecordFilter::all)) {
        books.records.emplace_back(record.name(), record.bytes);
    }
    return books;
}

// Less memory than the pool asks for at a time, in small chunks: each of the many devices here then touches little.
sim::SimOptions few_bytes() {
    sim::SimOptions options = BalancedSim::small(4 * MiB);
    options.chunk_granularity = 64 * KiB;
    return options;
}

struct Operation {
    std::function<void()> call;
    std::function<void()> check_unchanged = [] {};  // after a failure
    std::function<void()> check_done = [] {};       // after a success
};

// `make` sets up a scene on a fresh device each time.
void fail_each(const std::function<Operation(OnManager&)>& make) {
    const Quiet quiet;
    unsigned thrown = 0;
    for (std::size_t number = 0; number < verb_count; ++number) {
        const auto verb = static_cast<Verb>(number);
        if (is_undoing(verb)) continue;
        bool reached = true;
        for (std::uint64_t nth = 1; reached; ++nth) {
            BOOST_TEST_CONTEXT("call " << nth << " of " << to_string(verb)) {
                OnManager on(GpuMemoryManager::default_limit_bytes, few_bytes());
                {
                    const Operation operation = make(on);
                    const Books before = books_of(on.manager);
                    const auto calls = on.sim.calls(verb);
                    on.sim.fail(verb, nth, cuda_error::unknown);
                    bool failed = false;
                    try {
                        operation.call();
                    } catch (const Error&) {
                        failed = true;
                        ++thrown;
                    }
                    reached = on.sim.calls(verb) - calls >= nth;
                    on.sim.clear_failures();
                    if (failed) {
                        BOOST_TEST((books_of(on.manager) == before));
                        operation.check_unchanged();
                        on.manager.core()->resources->pool.check_invariants();
                        operation.call();
                    }
                    operation.check_done();
                    on.manager.core()->resources->pool.check_invariants();
                }
                for (const auto& record : on.manager.check_leaks(RecordFilter::all)) on.manager.free(record.name());
                BOOST_TEST(on.manager.core()->resources->pool.statistics().live_blocks == 0U);
                on.expected_teardown_failures = teardown_failures() - on.teardown_failures_before;
            }
        }
    }
    BOOST_TEST(thrown > 0U);
}

void fail_both_ways(const std::function<Operation(OnManager&, std::optional<StreamHandle>)>& make) {
    fail_each([&](OnManager& on) { return make(on, std::nullopt); });
    fail_each([&](OnManager& on) { return make(on, on.stream.handle()); });
}

std::vector<float> all(float value, std::size_t count = 100) { return std::vector<float>(count, value); }

}  // namespace

BOOST_AUTO_TEST_SUITE(operation_failures)

BOOST_AUTO_TEST_CASE(a_buffer_is_allocated_whole_or_not_at_all) {
    fail_each([](OnManager& on) {
        return Operation{[&] { on.manager.allocate<float>("x", 1000); }, [&] { BOOST_TEST(!on.manager.contains("x")); },
                         [&] { BOOST_TEST((on.manager.get_buffer<float>("x").download() == all(0, 1000))); }};
    });
    fail_each([](OnManager& on) {
        return Operation{[&] { on.manager.allocate<float>("x", 1000, mapped(), on.stream.handle()); },
                         [&] { BOOST_TEST(!on.manager.contains("x")); },
                         [&] { BOOST_TEST((on.manager.get_buffer<float>("x").download() == all(0, 1000))); }};
    });
    fail_each(
        [](OnManager& on) { return Operation{[&] { on.manager.make_buffer_from("x", ascending(100)).reset(); }}; });
}

BOOST_AUTO_TEST_CASE(filling_leaves_size_and_books) {
    fail_both_ways([](OnManager& on, std::optional<StreamHandle> stream) {
        const auto made = on.manager.allocate<double>("x", 100);
        return Operation{[=] { stream ? made.fill(1.25, *stream) : made.fill(1.25); },
                         [=] { BOOST_TEST(made.size() == 100U); },
                         [=] { BOOST_TEST((made.download() == std::vector<double>(100, 1.25))); }};
    });
}

BOOST_AUTO_TEST_CASE(uploading_leaves_size_and_books) {
    fail_both_ways([](OnManager& on, std::optional<StreamHandle> stream) {
        const auto made = on.manager.allocate<float>("x", 100);
        const auto values = std::make_shared<std::vector<float>>(ascending(100));
        return Operation{[=] { stream ? made.upload(*values, *stream) : made.upload(*values); },
                         [=] { BOOST_TEST(made.size() == 100U); }, [=] { BOOST_TEST((made.download() == *values)); }};
    });
}

BOOST_AUTO_TEST_CASE(downloading_leaves_the_buffer) {
    fail_both_ways([](OnManager& on, std::optional<StreamHandle> stream) {
        const auto made = on.manager.allocate<float>("x", 100);
        made.fill(3.0F);
        const auto values = std::make_shared<std::vector<float>>(100);
        return Operation{[=] { stream ? made.download(*values, *stream) : made.download(*values); },
                         [=] { BOOST_TEST((made.download() == all(3))); },
                         [=, &on] {
                             on.stream.synchronize();
                             BOOST_TEST((*values == all(3)));
                         }};
    });
}

BOOST_AUTO_TEST_CASE(copying_leaves_the_source_and_both_sizes) {
    fail_both_ways([](OnManager& on, std::optional<StreamHandle> stream) {
        const auto from = on.manager.allocate<float>("from", 100);
        const auto to = on.manager.allocate<float>("to", 100);
        from.fill(3.0F);
        return Operation{[=] {
                             stream ? to.copy_from(from, *stream) : to.copy_from(from);
                             stream ? to.copy_at(0, from, 50, 50, *stream) : to.copy_at(0, from, 50, 50);
                         },
                         [=] {
                             BOOST_TEST((from.download() == all(3)));
                             BOOST_TEST(to.size() == 100U);
                         },
                         [=] { BOOST_TEST((to.download() == all(3))); }};
    });
}

BOOST_AUTO_TEST_CASE(shrinking_on_a_stream_leaves_the_buffer) {
    fail_both_ways([](OnManager& on, std::optional<StreamHandle> stream) {
        const auto made = on.manager.allocate<float>("x", 1000);
        made.fill(3.0F);
        made.set_size(100);
        return Operation{[=] { stream ? made.shrink_to_fit(*stream) : made.shrink_to_fit(); },
                         [=] {
                             BOOST_TEST(made.capacity() == 1000U);
                             BOOST_TEST((made.download() == all(3)));
                         },
                         [=] {
                             BOOST_TEST(made.capacity() == 100U);
                             BOOST_TEST((made.download() == all(3)));
                         }};
    });
}

BOOST_AUTO_TEST_CASE(a_download_that_cannot_start_leaves_the_newest_snapshot) {
    for (const auto mode : {DownloadMode::staged, DownloadMode::direct}) {
        fail_each([mode](OnManager& on) {
            const auto made = on.manager.allocate<float>("x", 100, with_downloads());
            made.fill(1.0F);
            made.start_async_download(on.stream.handle());
            BOOST_TEST(made.wait_for_download().sequence() == 1U);
            made.fill(2.0F);
            return Operation{[=, &on] { made.start_async_download(on.stream.handle(), mode); },
                             [=] {
                                 BOOST_TEST(made.latest().sequence() == 1U);
                                 BOOST_TEST(made.latest()[99] == 1.0F);
                                 BOOST_CHECK_THROW(made.wait_for_download(), no_pending_download);
                             },
                             [=] { BOOST_TEST(made.wait_for_download()[99] == 2.0F); }};
        });
    }
}

BOOST_AUTO_TEST_CASE(waiting_and_polling_may_be_repeated) {
    fail_each([](OnManager& on) {
        const auto made = on.manager.allocate<float>("x", 100, with_downloads());
        made.fill(2.0F);
        made.start_async_download(on.stream.handle());
        const auto seen = std::make_shared<HostView<float>>();
        return Operation{[=] { *seen = made.wait_for_download(); }, [] {}, [=] { BOOST_TEST((*seen)[99] == 2.0F); }};
    });
    fail_each([](OnManager& on) {
        const auto made = on.manager.allocate<float>("x", 100, with_downloads());
        made.start_async_download(on.stream.handle());
        return Operation{[=] {
                             static_cast<void>(made.poll_download());
                             static_cast<void>(made.download_pending());
                             static_cast<void>(made.latest());
                         },
                         [] {}, [=] { BOOST_TEST(made.wait_for_download().size() == 100U); }};
    });
}

BOOST_AUTO_TEST_CASE(a_group_is_made_whole_or_not_at_all) {
    fail_each([](OnManager& on) { return Operation{[&] { BufferGroup<float>(on.manager, "g", {"x", "y"}, 100); }}; });
}

BOOST_AUTO_TEST_CASE(what_is_done_to_a_group_leaves_its_sizes_and_books) {
    const auto group_of = [](OnManager& on) {
        auto group = std::make_shared<BufferGroup<float>>(on.manager, "g",
                                                          std::initializer_list<std::string_view>{"x", "y"}, 1000);
        group->fill(3.0F);
        group->set_size(100);
        return group;
    };
    const auto unchanged = [](const auto& group) {
        for (std::size_t i = 0; i < 2; ++i) {
            BOOST_TEST((*group)[i].size() == 100U);
            BOOST_TEST((*group)[i].capacity() == 1000U);
        }
    };
    fail_both_ways([&](OnManager& on, std::optional<StreamHandle> stream) {
        const auto group = group_of(on);
        return Operation{[=] { stream ? group->shrink_to_fit(*stream) : group->shrink_to_fit(); },
                         [=] {
                             unchanged(group);
                             BOOST_TEST((group->download() == std::vector(2, all(3))));
                         },
                         [=] { BOOST_TEST((group->download() == std::vector(2, all(3)))); }};
    });
    fail_both_ways([&](OnManager& on, std::optional<StreamHandle> stream) {
        const auto group = group_of(on);
        const auto values = std::make_shared<std::vector<float>>(ascending(100));
        return Operation{[=] {
                             stream ? group->fill(4.0F, *stream) : group->fill(4.0F);
                             stream ? group->upload({*values, *values}, *stream) : group->upload({*values, *values});
                         },
                         [=] { unchanged(group); },
                         [=] { BOOST_TEST((group->download() == std::vector(2, *values))); }};
    });
    fail_each([&](OnManager& on) {
        const auto group = group_of(on);
        return Operation{[=, &on] { group->start_async_download(on.stream.handle()); },
                         [=] { BOOST_TEST(group->latest().sequence() == 0U); },
                         [=] { BOOST_TEST(group->wait_for_download()[1][99] == 3.0F); }};
    });
}

BOOST_AUTO_TEST_CASE(a_graph_is_made_whole_or_not_at_all) {
    fail_each(
        [](OnManager& on) { return Operation{[&] { BOOST_TEST(GraphArrays(on.manager, 10, 20).num_nodes == 10U); }}; });
}

BOOST_AUTO_TEST_CASE(a_graph_is_resized_whole_or_not_at_all) {
    fail_each([](OnManager& on) {
        const auto graph = std::make_shared<GraphArrays>(on.manager, 10, 20);
        const auto ramp = ascending(10);
        graph->upload_positions(ramp, ramp, ramp);
        return Operation{[=] { graph->resize(30, 50); },
                         [=] {
                             BOOST_TEST(graph->num_nodes == 10U);
                             BOOST_TEST(graph->edge_weights.size() == 20U);
                             BOOST_TEST((std::get<2>(graph->download_positions()) == ascending(10)));
                             BOOST_TEST(graph->latest_positions().size() == 10U);
                         },
                         [=] {
                             BOOST_TEST(std::get<0>(graph->download_positions())[9] == 9.0F);
                             BOOST_TEST(graph->mass.download()[29] == 1.0F);
                         }};
    });
}

BOOST_AUTO_TEST_CASE(transfers_of_a_graph_leave_its_counts) {
    fail_each([](OnManager& on) {
        const auto graph = std::make_shared<GraphArrays>(on.manager, 10, 20);
        const auto ramp = ascending(10);
        return Operation{[=] {
                             graph->upload_positions(ramp, ramp, ramp);
                             graph->upload_velocities(ramp, ramp, ramp);
                             graph->upload_edges(ascending<std::int32_t>(11), std::vector<std::int32_t>(5),
                                                 std::vector<float>(5));
                         },
                         [=] { BOOST_TEST(graph->num_edges == 20U); },
                         [=] {
                             BOOST_TEST(graph->num_edges == 5U);
                             BOOST_TEST((std::get<1>(graph->download_velocities()) == ascending(10)));
                         }};
    });
    fail_each([](OnManager& on) {
        const auto graph = std::make_shared<GraphArrays>(on.manager, 10, 20);
        graph->pos_in_x.fill(7.0F);
        return Operation{[=] {
                             graph->start_positions_download();
                             static_cast<void>(graph->latest_velocities());
                             graph->wait_for_downloads();
                         },
                         [] {}, [=] { BOOST_TEST(graph->latest_positions().x[9] == 7.0F); }};
    });
}

BOOST_AUTO_TEST_CASE(the_grids_buffers_get_room_all_or_none) {
    fail_each([](OnManager& on) {
        return Operation{[&] { resize_cell_buffers(on.manager, 100); },
                         [&] { BOOST_TEST(!on.manager.contains("pos_x")); },
                         [&] { BOOST_TEST(on.manager.get_untyped("cell_end").capacity_bytes() == 4 * KiB); }};
    });
}

BOOST_AUTO_TEST_CASE(giving_back_never_throws_and_counts_what_it_could_not_do) {
    const Quiet quiet;
    unsigned long long told = 0;
    for (std::size_t number = 0; number < verb_count; ++number) {
        const auto verb = static_cast<Verb>(number);
        bool reached = true;
        for (std::uint64_t nth = 1; reached; ++nth) {
            BOOST_TEST_CONTEXT("call " << nth << " of " << to_string(verb)) {
                const auto before = teardown_failures();
                sim::SimDevice device(few_bytes());
                std::uint64_t calls = 0;
                {
                    const Stream stream(device);
                    std::optional<GpuMemoryManager> manager(std::in_place, device);
                    // The growable mappings first: then the pool takes what is left.
                    auto in_arena = manager->make_buffer<float>("arena", 100, mapped());
                    manager->allocate<float>("left", 100, mapped());
                    auto pooled = manager->make_buffer<float>("pooled", 100, with_downloads());
                    manager->allocate<float>("by stream", 100);
                    std::optional<BufferGroup<float>> group(
                        std::in_place, *manager, "g", std::initializer_list<std::string_view>{"x"}, std::size_t{100});
                    group->start_async_download(stream.handle());
                    pooled.start_async_download(stream.handle());
                    calls = device.calls(verb);
                    device.fail(verb, nth, cuda_error::unknown);
                    pooled.reset(stream.handle());
                    in_arena.reset(stream.handle());
                    manager->free("by stream", stream.handle());
                    group.reset();
                    BOOST_TEST(manager->total_allocated_bytes() == 400U);
                    BOOST_TEST(manager->stats().buffer_count == 1U);
                    manager->trim();
                    manager.reset();
                }
                reached = device.calls(verb) - calls >= nth;
                device.clear_failures();
                const auto failures = teardown_failures() - before;
                BOOST_TEST((device.ledger().balanced() || failures > 0), device.ledger().describe());
                BOOST_TEST(device.misuse().empty());
                told += failures;
            }
        }
    }
    BOOST_TEST(told > 20U);
}

BOOST_AUTO_TEST_CASE(a_manager_is_made_whole_or_not_at_all) {
    for (const Verb verb : {Verb::stream_create, Verb::event_create}) {
        bool reached = true;
        for (std::uint64_t nth = 1; reached; ++nth) {
            sim::SimDevice device(few_bytes());
            device.fail(verb, nth, cuda_error::unknown);
            try {
                const GpuMemoryManager manager(device);
            } catch (const device_error&) {
                BOOST_TEST(device.ledger().balanced());
            }
            reached = device.calls(verb) >= nth;
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
