// SPDX-License-Identifier: Apache-2.0
// Snapshots of node data: there is always one, and no call answers with what it starts itself.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include <triune/detail/graph/node_download.hpp>
#include <triune/detail/manage/manager_core.hpp>

#include "../manage/on_manager.hpp"

using namespace triune;

namespace {

struct OnNodes : OnManager {
    static constexpr std::size_t count = 100;

    NodeDownload download{manager.core()->resources, count, "positions"};
    std::array<Buffer<float>, 3> arrays{manager.make_buffer<float>("x", count), manager.make_buffer<float>("y", count),
                                        manager.make_buffer<float>("z", count)};

    NodeSpans spans() const { return {arrays[0].data(), arrays[1].data(), arrays[2].data(), count}; }
    void fill(float value) {
        for (const auto& array : arrays) array.fill(value, stream.handle());
    }
    NodeViews latest() { return download.latest(spans(), stream.handle()); }
    static bool holds(const NodeViews& views, float value, std::size_t size = count) {
        const std::vector<float> expected(size, value);
        return views.to_vectors() == NodeVectors{expected, expected, expected};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(node_download, OnNodes)

BOOST_AUTO_TEST_CASE(before_the_first_flight_has_landed_the_snapshot_is_of_zeros) {
    BOOST_TEST(holds(download.wait(), 0));
    fill(1);
    const Held held(sim);
    BOOST_TEST(holds(latest(), 0));
    BOOST_TEST(holds(latest(), 0));
}

BOOST_AUTO_TEST_CASE(memory_is_pinned_at_the_first_two_starts_and_not_before) {
    const auto pinned = sim.calls(Verb::pinned_allocate);
    NodeDownload lazy(manager.core()->resources, 1 << 20, "positions");
    lazy.adopt(lazy.prepare_resize(count));
    BOOST_TEST(holds(lazy.wait(), 0));
    BOOST_TEST(sim.calls(Verb::pinned_allocate) == pinned);
    for (std::uint64_t start = 1; start <= 4; ++start) {
        lazy.start(spans(), stream.handle());
        static_cast<void>(lazy.wait());
        BOOST_TEST(sim.calls(Verb::pinned_allocate) == pinned + std::min<std::uint64_t>(start, 2));
    }
}

BOOST_AUTO_TEST_CASE(zeros_that_are_held_outlive_a_resize_and_the_download) {
    std::optional<NodeDownload> gone(std::in_place, manager.core()->resources, count, "positions");
    const NodeViews zeros = gone->wait();
    gone->adopt(gone->prepare_resize(100'000));
    BOOST_TEST(holds(gone->wait(), 0, 100'000));
    gone.reset();
    BOOST_TEST(holds(zeros, 0));
}

BOOST_AUTO_TEST_CASE(what_a_call_starts_is_never_its_own_answer) {
    fill(1);
    stream.synchronize();
    BOOST_TEST(holds(latest(), 0));
    BOOST_TEST(sim.synchronize().ok());
    fill(2);
    stream.synchronize();
    BOOST_TEST(holds(latest(), 1));  // what the call before started
    BOOST_TEST(sim.synchronize().ok());
    BOOST_TEST(holds(latest(), 2));
}

BOOST_AUTO_TEST_CASE(where_nothing_is_queued_the_host_may_write_right_after_a_start) {
    fill(1);
    stream.synchronize();
    download.start(spans(), stream.handle());
    for (const auto& array : arrays) std::memset(array.data(), 0, count * sizeof(float));
    BOOST_TEST(holds(download.wait(), 1));
}

BOOST_AUTO_TEST_CASE(where_something_is_queued_a_start_waits_for_nothing) {
    std::optional<Held> held{std::in_place, sim};
    fill(1);
    download.start(spans(), stream.handle());
    fill(2);
    held.reset();
    BOOST_TEST(holds(download.wait(), 1));
}

BOOST_AUTO_TEST_CASE(a_second_start_while_one_is_pending_starts_nothing) {
    std::optional<Held> held{std::in_place, sim};
    fill(1);
    download.start(spans(), stream.handle());
    fill(2);
    download.start(spans(), stream.handle());
    held.reset();
    const auto views = download.wait();
    BOOST_TEST(holds(views, 1));
    BOOST_TEST(holds(download.wait(), 1));  // none is pending: the newest there is
}

BOOST_AUTO_TEST_CASE(a_start_over_a_held_snapshot_is_refused_and_latest_then_starts_none) {
    fill(1);
    download.start(spans(), stream.handle());
    const auto first = download.wait();
    fill(2);
    download.start(spans(), stream.handle());
    const auto second = download.wait();
    BOOST_CHECK_THROW(download.start(spans(), stream.handle()), download_in_flight);
    BOOST_TEST(holds(latest(), 2));
    BOOST_TEST(holds(first, 1));
    BOOST_TEST(second.sequence() > first.sequence());
}

BOOST_AUTO_TEST_CASE(after_a_resize_the_snapshot_has_the_new_length_and_keeps_what_it_had) {
    fill(3);
    download.start(spans(), stream.handle());
    download.adopt(download.prepare_resize(150));
    auto views = download.wait();
    BOOST_TEST(views.size() == 150U);
    BOOST_TEST(views.z[99] == 3.0F);
    BOOST_TEST(views.z[100] == 0.0F);
    download.adopt(download.prepare_resize(20));
    BOOST_TEST(holds(download.wait(), 3, 20));
    download.adopt(download.prepare_resize(0));
    BOOST_TEST(download.wait().size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_resize_that_fails_leaves_the_snapshot) {
    fill(3);
    download.start(spans(), stream.handle());
    static_cast<void>(download.wait());
    manager.core()->resources->pinned.trim();
    sim.fail(Verb::pinned_allocate, 1, cuda_error::out_of_memory);
    BOOST_CHECK_THROW(download.prepare_resize(1 << 20), out_of_memory);
    BOOST_CHECK_THROW(download.prepare_resize(~std::size_t{0}), out_of_memory);
    BOOST_TEST(holds(download.wait(), 3));
}

BOOST_AUTO_TEST_SUITE_END()
