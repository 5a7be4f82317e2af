// SPDX-License-Identifier: Apache-2.0
// Parts of buffers, copies between them, and calls from several threads: what moves, and what is refused.
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <list>
#include <span>
#include <thread>
#include <vector>

#include "on_manager.hpp"

using namespace triune;

namespace {

struct Triple {
    std::array<std::uint8_t, 3> bytes;
    bool operator==(const Triple&) const = default;
};

template <typename Values>
concept MakesABuffer = requires(GpuMemoryManager& given, const Values& values) { given.make_buffer_from("x", values); };
static_assert(MakesABuffer<std::vector<float>> && MakesABuffer<std::span<const float>> && MakesABuffer<float[3]>);
static_assert(!MakesABuffer<std::list<float>> && !MakesABuffer<std::vector<bool>> && !MakesABuffer<float>);

constexpr std::size_t most = std::numeric_limits<std::size_t>::max();

}  // namespace

BOOST_FIXTURE_TEST_SUITE(buffer_contents, OnManager)

BOOST_AUTO_TEST_CASE(a_part_is_filled_and_the_rest_stays) {
    const auto made = manager.make_buffer_from("x", ascending(6));
    made.fill_at(2, 3, -1.0F);
    made.fill_at(6, 0, 9.0F);
    BOOST_TEST((made.download() == std::vector<float>{0, 1, -1, -1, -1, 5}));
    {
        const Held held(sim);  // nothing here waits
        made.fill_at(0, 1, 7.0F, stream.handle());
    }
    BOOST_TEST(made.download()[0] == 7.0F);
    BOOST_CHECK_THROW(made.fill_at(4, 3, 0.0F), invalid_argument);
    BOOST_CHECK_THROW(made.fill_at(7, 0, 0.0F), invalid_argument);
    BOOST_CHECK_THROW(made.fill_at(1, most, 0.0F), invalid_argument);
    BOOST_CHECK_THROW(made.fill_at(most, 1, 0.0F), invalid_argument);
    BOOST_TEST((made.download() == std::vector<float>{7, 1, -1, -1, -1, 5}));
}

BOOST_AUTO_TEST_CASE(a_buffer_is_made_from_all_that_lies_in_one_piece) {
    const std::vector<float> values = ascending(4);
    BOOST_TEST((manager.make_buffer_from("x", std::span(values).subspan(1)).download() == std::vector<float>{1, 2, 3}));
    const float array[] = {5, 6};
    BOOST_TEST((manager.make_buffer_from("x", array).download() == std::vector<float>{5, 6}));
    const std::array<Triple, 1> triples{{{{1, 2, 3}}}};
    BOOST_TEST(
        (manager.make_buffer_from("x", triples).download() == std::vector<Triple>(triples.begin(), triples.end())));
}

BOOST_AUTO_TEST_CASE(a_part_of_odd_elements_is_filled_from_any_place) {
    const auto made = manager.make_buffer<Triple>("x", 20);
    const Triple value{{1, 2, 3}};
    for (const std::size_t first : {1U, 2U, 4U, 7U}) {
        made.fill({});
        made.fill_at(first, 9, value);
        const auto seen = made.download();
        for (std::size_t i = 0; i < 20; ++i) BOOST_TEST((seen[i] == (i >= first && i < first + 9 ? value : Triple{})));
    }
}

BOOST_AUTO_TEST_CASE(a_part_is_copied_from_another_buffer) {
    const auto from = manager.make_buffer_from("from", ascending(10));
    const auto to = manager.make_buffer<float>("to", 6);
    to.copy_at(1, from, 7, 3);
    BOOST_TEST((to.download() == std::vector<float>{0, 7, 8, 9, 0, 0}));
    {
        const Held held(sim);
        to.copy_at(4, from, 1, 2, stream.handle());
    }
    BOOST_TEST((to.download() == std::vector<float>{0, 7, 8, 9, 1, 2}));
    BOOST_CHECK_THROW(to.copy_at(4, from, 0, 3), invalid_argument);
    BOOST_CHECK_THROW(to.copy_at(0, from, 8, 3), invalid_argument);
    BOOST_CHECK_THROW(to.copy_at(most, from, 0, 1), invalid_argument);
    BOOST_CHECK_THROW(to.copy_at(0, from, most, 1), invalid_argument);
    BOOST_CHECK_THROW(to.copy_at(0, from, 0, most), invalid_argument);
    to.copy_at(6, from, 10, 0);
    BOOST_TEST((to.download() == std::vector<float>{0, 7, 8, 9, 1, 2}));
}

BOOST_AUTO_TEST_CASE(a_buffer_is_copied_within_where_the_ranges_do_not_overlap) {
    const auto made = manager.make_buffer_from("x", ascending(6));
    made.copy_at(0, made, 3, 3);
    BOOST_TEST((made.download() == std::vector<float>{3, 4, 5, 3, 4, 5}));
    for (const std::size_t first : {0U, 1U, 2U}) {
        BOOST_TEST(mentions(message_of<invalid_argument>([&] { made.copy_at(first, made, 1, 2); }), "overlap"));
    }
    made.copy_at(0, made, 0, 0);
    BOOST_TEST((made.download() == std::vector<float>{3, 4, 5, 3, 4, 5}));
}

BOOST_AUTO_TEST_CASE(a_copy_from_another_device_is_refused_with_both_names) {
    sim::SimDevice other_device(small());
    GpuMemoryManager other(other_device);
    const auto here = manager.make_buffer<float>("here", 4);
    const auto there = other.make_buffer_from("there", ascending(4));
    const auto refused = [&](auto&& copy) {
        const std::string what = message_of<invalid_argument>(copy);
        BOOST_TEST(mentions(what, "'here'"));
        BOOST_TEST(mentions(what, "'there'"));
    };
    refused([&] { here.copy_from(there); });
    refused([&] { here.copy_at(0, there, 0, 1); });
    BOOST_TEST((here.download() == std::vector<float>(4, 0.0F)));
    BOOST_TEST(other_device.misuse().empty());
}

BOOST_AUTO_TEST_CASE(a_copy_on_a_stream_that_is_gone_changes_nothing) {
    const Quiet quiet;
    const auto from = manager.make_buffer_from("from", ascending(4));
    const auto to = manager.make_buffer<float>("to", 4);
    StreamHandle gone = nullptr;
    {
        const Stream brief(sim);
        gone = brief.handle();
    }
    BOOST_CHECK_THROW(to.copy_from(from, gone), invalid_argument);
    BOOST_CHECK_THROW(to.copy_at(0, from, 0, 4, gone), invalid_argument);
    BOOST_CHECK_THROW(to.fill(1.0F, gone), invalid_argument);
    BOOST_CHECK_THROW(to.upload(ascending(4), gone), invalid_argument);
    BOOST_TEST((to.download() == std::vector<float>(4, 0.0F)));
    expected_misuse = 4;
}

BOOST_AUTO_TEST_CASE(a_whole_download_is_of_one_size_while_others_grow_and_cut_the_buffer) {
    const auto made = manager.allocate<float>("x", 100);
    std::atomic<bool> done{false};
    std::thread resizer([&] {
        for (std::size_t i = 0; i < 200; ++i) {
            made.ensure_capacity(100 + i * 10);
            made.set_size(50);
            if (i % 50 == 0) made.shrink_to_fit();
        }
        done = true;
    });
    std::size_t seen = 0;
    do {
        seen += made.download().size();  // a size that changed half-way would throw
        made.fill(0.0F);
    } while (!done);
    resizer.join();
    BOOST_TEST(seen >= 50U);
}

BOOST_AUTO_TEST_CASE(two_threads_copy_between_two_buffers_in_both_directions) {
    const auto first = manager.make_buffer<float>("first", 1000);
    const auto second = manager.make_buffer<float>("second", 1000);
    std::thread other([&] {
        for (int i = 0; i < 100; ++i) first.copy_from(second);
    });
    for (int i = 0; i < 100; ++i) second.copy_at(0, first, 0, 1000);
    other.join();
    BOOST_TEST(first.download()[999] == 0.0F);
}

BOOST_FIXTURE_TEST_CASE(a_copy_between_buffers_is_held_back_by_a_flight_of_its_target, OnLateManager) {
    const Stream other(sim);
    const auto from = manager.make_buffer_from("from", std::vector<float>(1000, 9.0F));
    const auto to = manager.allocate<float>("to", 1000, with_downloads());
    to.fill(1.0F, stream.handle());
    to.start_async_download(stream.handle());
    to.copy_from(from, other.handle());
    other.synchronize();
    BOOST_TEST(to.wait_for_download()[999] == 1.0F);
    BOOST_TEST(to.download()[999] == 9.0F);
}

BOOST_AUTO_TEST_SUITE_END()
