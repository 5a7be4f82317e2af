// SPDX-License-Identifier: Apache-2.0
// Arrays of one length that grow and download as one.
#include <boost/test/unit_test.hpp>

#include <limits>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "../../contract/gate.hpp"
#include "on_manager.hpp"

using namespace triune;

namespace {

struct OnGroup : OnManager {
    BufferGroup<float> positions{manager, "positions", {"x", "y", "z"}, 1000};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(buffer_group, OnGroup)

BOOST_AUTO_TEST_CASE(arrays_are_zeroed_named_after_the_group_and_kept_out_of_the_leaks) {
    BOOST_TEST(positions.array_count() == 3U);
    BOOST_TEST(positions.size() == 1000U);
    BOOST_TEST(positions[2].name() == "positions.z");
    BOOST_TEST((positions[1].download() == std::vector<float>(1000, 0.0F)));
    BOOST_TEST(manager.total_allocated_bytes() == 12000U);
    BOOST_TEST(manager.check_leaks().empty());
    BOOST_TEST(manager.check_leaks(RecordFilter::all).size() == 3U);
    BOOST_CHECK_THROW(positions[3], std::out_of_range);
}

BOOST_AUTO_TEST_CASE(all_arrays_grow_together) {
    positions[1].fill(2.0F);
    positions.ensure_capacity(3000);
    positions.ensure_capacity(3001, stream.handle());
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(positions[i].size() == 3001U);
        BOOST_TEST(positions[i].capacity() == 4500U);
    }
    BOOST_TEST(positions[1].download()[999] == 2.0F);
    BOOST_TEST(positions[1].download()[1000] == 0.0F);
    positions.set_size(10);
    BOOST_TEST(positions[0].size() == 10U);
    BOOST_TEST(positions[2].size() == 10U);
}

BOOST_AUTO_TEST_CASE(reserving_raises_the_capacity_alone) {
    positions.reserve(1200);
    positions.reserve(1300, stream.handle());
    BOOST_TEST(positions.size() == 1000U);
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(positions[i].capacity() == 1500U);
}

BOOST_AUTO_TEST_CASE(all_arrays_are_uploaded_filled_and_downloaded_as_one) {
    const auto x = ascending(1000);
    const std::vector<float> y(1000, 2.0F);
    positions.upload({x, y, x});
    BOOST_TEST((positions.download() == std::vector<std::vector<float>>{x, y, x}));
    std::vector<float> seen_x(1000), seen_y(1000), seen_z(1000);
    {
        const Held held(sim);  // nothing here waits
        positions.fill(4.0F, stream.handle());
        positions.upload({y, x, y}, stream.handle());
        positions.download({seen_x, seen_y, seen_z}, stream.handle());
    }
    stream.synchronize();
    BOOST_TEST((seen_y == x));
    positions.fill(6.0F);
    positions.download({seen_x, seen_y, seen_z});
    BOOST_TEST((seen_z == std::vector<float>(1000, 6.0F)));
}

BOOST_AUTO_TEST_CASE(lengths_that_do_not_fit_are_refused_before_anything_moves) {
    const auto right = ascending(1000);
    std::vector<float> wrong(999);
    BOOST_TEST(mentions(message_of<invalid_argument>([&] { positions.upload({right, right}); }), "2 arrays"));
    const std::string what = message_of<invalid_argument>([&] { positions.upload({right, right, wrong}); });
    for (const char* words : {"'positions'", "999", "1000"}) BOOST_TEST(mentions(what, words));
    std::vector<float> kept = right;
    BOOST_CHECK_THROW(positions.download({kept, kept, wrong}), invalid_argument);
    BOOST_TEST((kept == right));
    BOOST_TEST((positions[0].download() == std::vector<float>(1000, 0.0F)));
}

BOOST_AUTO_TEST_CASE(where_one_array_cannot_grow_none_does) {
    GpuMemoryManager tight(sim, 30000);
    BufferGroup<float> group(tight, "g", {"x", "y"}, 1000);
    BOOST_CHECK_THROW(group.ensure_capacity(5000), limit_exceeded);  // x alone would fit
    BOOST_TEST(group[0].capacity() == 1000U);
    BOOST_TEST(group[1].capacity() == 1000U);
    BOOST_TEST(tight.total_allocated_bytes() == 8000U);
    group.ensure_capacity(3000);
    BOOST_TEST(group[1].capacity() == 3000U);
}

BOOST_AUTO_TEST_CASE(one_download_gives_all_arrays_of_one_moment) {
    BOOST_TEST(positions.latest().arrays.empty());
    {
        const Held held(sim);
        for (std::size_t i = 0; i < 3; ++i) positions[i].fill(static_cast<float>(i), stream.handle());
        positions.start_async_download(stream.handle());
        for (std::size_t i = 0; i < 3; ++i) positions[i].fill(9.0F, stream.handle());
    }
    const auto view = positions.wait_for_download();
    BOOST_TEST(view.size() == 1000U);
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(view[i][999] == static_cast<float>(i));
    BOOST_TEST(view.sequence() == 1U);
    BOOST_TEST(positions.latest().sequence() == 1U);
    BOOST_TEST(!positions.download_pending());
    BOOST_TEST(manager.stats().async_transfer_count == 1U);
    BOOST_CHECK_THROW(positions.wait_for_download(), no_pending_download);
}

BOOST_AUTO_TEST_CASE(a_growth_on_another_stream_takes_no_memory_from_under_a_flight) {
    const Stream other(sim);
    {
        contract::Gate gate(sim, stream.handle());
        for (std::size_t i = 0; i < 3; ++i) positions[i].fill(1.0F, stream.handle());
        positions.start_async_download(stream.handle());
        positions.ensure_capacity(2000, other.handle());
        const auto thief = manager.allocate<float>("thief", 0);
        thief.ensure_capacity(3000, other.handle());
        thief.fill(9.0F, other.handle());
    }
    const auto view = positions.wait_for_download();
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(view[i][0] == 1.0F);
        BOOST_TEST(view[i][999] == 1.0F);
    }
}

BOOST_FIXTURE_TEST_CASE(work_on_one_array_on_another_stream_is_held_back_by_a_flight_of_the_group, OnLateManager) {
    BufferGroup<float> group(manager, "g", {"x", "y"}, 1000);
    const Stream other(sim);
    group.fill(1.0F, stream.handle());
    group.start_async_download(stream.handle());
    group[1].fill(9.0F, other.handle());
    other.synchronize();
    BOOST_TEST(group.wait_for_download()[1][999] == 1.0F);
    BOOST_TEST(group[1].download()[999] == 9.0F);
}

BOOST_AUTO_TEST_CASE(an_array_that_grew_alone_is_downloaded_as_it_is) {
    positions[1].ensure_capacity(3000);
    positions.start_async_download(stream.handle());
    const auto view = positions.wait_for_download();
    BOOST_TEST(view[0].size() == 1000U);
    BOOST_TEST(view[1].size() == 3000U);
    positions.ensure_capacity(3000);
    BOOST_TEST(positions[0].size() == 3000U);
}

BOOST_AUTO_TEST_CASE(polling_tells_when_a_wait_would_return_at_once) {
    BOOST_TEST(!positions.poll_download());  // none started
    {
        const Held held(sim);
        positions.start_async_download(stream.handle());
        BOOST_TEST(!positions.poll_download());
    }
    while (!positions.poll_download()) std::this_thread::yield();
    const Held held(sim);
    BOOST_TEST(positions.wait_for_download().size() == 1000U);
    BOOST_TEST(!positions.poll_download());
}

BOOST_AUTO_TEST_CASE(a_group_without_arrays_or_beyond_memory_is_refused) {
    BOOST_CHECK_THROW((BufferGroup<float>(manager, "g", {}, 10)), invalid_argument);
    BOOST_CHECK_THROW(positions.ensure_capacity(std::numeric_limits<std::size_t>::max()), invalid_argument);
    GpuMemoryManager tight(sim, 5000);
    BOOST_CHECK_THROW((BufferGroup<float>(tight, "g", {"x", "y"}, 1000)), limit_exceeded);
    BOOST_TEST(tight.total_allocated_bytes() == 0U);
    BOOST_TEST(tight.stats().buffer_count == 0U);
}

BOOST_AUTO_TEST_CASE(a_group_that_was_moved_away_has_no_arrays_and_refuses_work) {
    positions.start_async_download(stream.handle());
    BufferGroup<float> other = std::move(positions);
    BOOST_TEST(positions.array_count() == 0U);
    BOOST_TEST(positions.size() == 0U);
    BOOST_TEST(positions.capacity() == 0U);
    BOOST_CHECK_THROW(positions.ensure_capacity(1), invalid_argument);
    BOOST_CHECK_THROW(positions.set_size(1), invalid_argument);
    BOOST_CHECK_THROW(positions.reserve(1), invalid_argument);
    BOOST_CHECK_THROW(positions.shrink_to_fit(), invalid_argument);
    BOOST_CHECK_THROW(positions.fill(1.0F), invalid_argument);
    BOOST_CHECK_THROW(positions.upload({}), invalid_argument);
    BOOST_CHECK_THROW(positions.download(), invalid_argument);
    BOOST_CHECK_THROW(positions.poll_download(), invalid_argument);
    BOOST_CHECK_THROW(positions.name(), invalid_argument);
    BOOST_CHECK_THROW(positions.start_async_download(stream.handle()), invalid_argument);
    BOOST_CHECK_THROW(positions.wait_for_download(), invalid_argument);
    BOOST_CHECK_THROW(positions.latest(), invalid_argument);
    BOOST_TEST(other.wait_for_download().size() == 1000U);
    positions = std::move(other);
    BOOST_TEST(positions.size() == 1000U);
}

BOOST_AUTO_TEST_CASE(threads_grow_and_download_a_group_at_once) {
    std::thread grower([this] {
        for (std::size_t elements = 1000; elements < 40000; elements += 1000) positions.ensure_capacity(elements);
    });
    for (int i = 0; i < 30; ++i) {
        positions.start_async_download(stream.handle());
        const auto view = positions.wait_for_download();
        BOOST_TEST(view[0].size() == view[2].size());
    }
    grower.join();
    BOOST_TEST(positions.size() == 39000U);
}

BOOST_AUTO_TEST_SUITE_END()
