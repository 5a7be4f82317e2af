// SPDX-License-Identifier: Apache-2.0
// Buffers of bytes with an element size of run time.
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/growth_set.hpp>

#include "on_manager.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(untyped_buffer, OnManager)

BOOST_AUTO_TEST_CASE(a_new_one_holds_nothing_and_counts_in_its_own_elements) {
    const auto made = manager.get_or_create("keys", BufferConfig::for_grid_cells());
    BOOST_TEST(made.data() == nullptr);
    BOOST_TEST(made.element_size() == 8U);
    BOOST_TEST(!made.is_allocated());
    made.ensure_capacity(100);
    BOOST_TEST(made.size_bytes() == 800U);
    BOOST_TEST(made.capacity_bytes() == 2 * KiB);  // the config's least
    made.ensure_capacity(1000, stream.handle());
    BOOST_TEST(made.size_bytes() == 8000U);
}

BOOST_AUTO_TEST_CASE(a_known_name_gives_the_known_buffer_with_its_own_config) {
    const auto first = manager.get_or_create("keys", BufferConfig::for_grid_cells());
    first.ensure_capacity(10);
    const Quiet quiet;  // a warning that the configs differ
    const auto second = manager.get_or_create("keys", BufferConfig::for_edges());
    BOOST_TEST(second.data() == first.data());
    BOOST_TEST(second.element_size() == 8U);
    BOOST_TEST(manager.get_untyped("keys").data() == first.data());
    BOOST_TEST(manager.stats().buffer_count == 1U);
}

BOOST_AUTO_TEST_CASE(typed_and_untyped_buffers_are_not_mixed_up) {
    static_cast<void>(manager.allocate<float>("typed", 10));
    static_cast<void>(manager.get_or_create("untyped", {}));
    BOOST_CHECK_THROW(manager.get_or_create("typed", {}), type_mismatch);
    BOOST_CHECK_THROW(manager.get_untyped("typed"), type_mismatch);
    BOOST_CHECK_THROW(manager.get_buffer<float>("untyped"), type_mismatch);
    BOOST_CHECK_THROW(manager.allocate<float>("untyped", 10), type_mismatch);
    BOOST_CHECK_THROW(manager.get_untyped("neither"), buffer_not_found);
}

BOOST_AUTO_TEST_CASE(making_and_growing_untyped_buffers_fails_with_errors_that_say_so) {
    const auto made = manager.make_untyped("bytes", {});
    const auto is_untyped = [](const Error& error) { return error.untyped(); };
    constexpr auto too_many = std::numeric_limits<std::size_t>::max();
    BOOST_CHECK_EXCEPTION(made.reserve(too_many), invalid_argument, is_untyped);
    BOOST_CHECK_EXCEPTION(made.ensure_capacity(2 * GiB), max_size_exceeded, is_untyped);
    BOOST_CHECK_EXCEPTION(made.reserve(2 * GiB, stream.handle()), max_size_exceeded, is_untyped);
    BOOST_CHECK_EXCEPTION(made.ensure_capacity(too_many, stream.handle()), invalid_argument, is_untyped);
    const auto typed = manager.allocate<float>("typed", 10);
    BOOST_CHECK_EXCEPTION(manager.get_or_create("typed", {}), type_mismatch, is_untyped);
    const auto is_not = [](const Error& error) { return !error.untyped(); };
    BOOST_CHECK_EXCEPTION(typed.ensure_capacity(too_many), Error, is_not);
    BOOST_CHECK_EXCEPTION(manager.get_buffer<float>("neither"), buffer_not_found, is_not);
}

BOOST_AUTO_TEST_CASE(bytes_go_in_and_out_within_the_size) {
    const auto made = manager.make_untyped("bytes", {});
    made.ensure_capacity(25);
    const auto values = ascending<std::uint8_t>(100);
    made.upload_bytes(values.data(), 100);
    std::vector<std::uint8_t> back(50);
    made.download_bytes(back.data(), 50, 25);
    BOOST_TEST(back[0] == 25);
    BOOST_CHECK_THROW(made.upload_bytes(values.data(), 100, 1), invalid_argument);
    BOOST_CHECK_THROW(made.download_bytes(back.data(), 1, 101), invalid_argument);
    BOOST_CHECK_THROW(made.download_bytes(back.data(), std::numeric_limits<std::size_t>::max(), 1), invalid_argument);
    made.set_size_bytes(7);
    BOOST_TEST(made.size_bytes() == 7U);
    made.set_size_bytes(1 << 20);
    BOOST_TEST(made.size_bytes() == made.capacity_bytes());
}

BOOST_AUTO_TEST_CASE(sizes_are_told_in_elements_too) {
    const auto made = manager.make_untyped("keys", BufferConfig::for_grid_cells());
    BOOST_TEST(made.empty());
    made.ensure_capacity(1000);
    BOOST_TEST(made.size() == 1000U);
    BOOST_TEST(made.capacity() == 1000U);
    made.set_size(10);
    BOOST_TEST(made.size_bytes() == 80U);
    made.set_size(std::numeric_limits<std::size_t>::max());
    BOOST_TEST(made.size() == 1000U);
    made.set_size_bytes(79);
    BOOST_TEST(made.size() == 9U);
    made.reserve(1200, stream.handle());
    BOOST_TEST(made.size() == 9U);
    BOOST_TEST(made.capacity() == 1500U);
}

BOOST_AUTO_TEST_CASE(bytes_move_on_a_stream_in_its_order_and_wait_for_nothing) {
    const auto made = manager.make_untyped("bytes", {});
    made.ensure_capacity(25);
    const auto values = ascending<std::uint8_t>(100);
    std::vector<std::uint8_t> back(100);
    const float element = 1.5F;
    {
        const Held held(sim);
        made.fill(&element, stream.handle());
        made.upload_bytes(values.data(), 10, 90, stream.handle());
        made.download_bytes(back.data(), 100, 0, stream.handle());
    }
    stream.synchronize();
    float first = 0;
    std::memcpy(&first, back.data(), sizeof first);
    BOOST_TEST(first == 1.5F);
    BOOST_TEST(back[99] == 9);
}

BOOST_AUTO_TEST_CASE(whole_elements_are_filled_and_a_tail_stays) {
    BufferConfig odd;
    odd.bytes_per_element = 3;
    const auto made = manager.make_untyped("rgb", odd);
    made.ensure_capacity(4);
    made.set_size_bytes(11);
    const std::array<std::uint8_t, 3> colour{1, 2, 3};
    made.fill(colour.data());
    std::vector<std::uint8_t> back(11);
    made.download_bytes(back.data(), 11);
    BOOST_TEST((back == std::vector<std::uint8_t>{1, 2, 3, 1, 2, 3, 1, 2, 3, 0, 0}));
}

BOOST_AUTO_TEST_CASE(bytes_are_copied_from_typed_and_untyped_buffers) {
    const auto from = manager.make_buffer_from("from", ascending(10));
    const auto to = manager.make_untyped("to", {});
    to.ensure_capacity(10);
    to.copy_from(from);
    std::vector<float> back(10);
    to.download_bytes(back.data(), 40);
    BOOST_TEST((back == ascending(10)));
    const auto second = manager.make_untyped("second", {});
    second.ensure_capacity(10);
    {
        const Held held(sim);
        second.copy_from(to, stream.handle());
        second.copy_bytes(0, from, 36, 4, stream.handle());
    }
    second.copy_bytes(4, to, 32, 4);
    second.download_bytes(back.data(), 40);
    BOOST_TEST(back[0] == 9.0F);
    BOOST_TEST(back[1] == 8.0F);
    BOOST_TEST(back[2] == 2.0F);
    second.set_size(9);
    BOOST_CHECK_THROW(second.copy_from(to), invalid_argument);
    BOOST_CHECK_THROW(second.copy_bytes(36, to, 0, 1), invalid_argument);
    BOOST_CHECK_THROW(second.copy_from(UntypedHandle()), invalid_argument);
}

BOOST_AUTO_TEST_CASE(several_grow_all_or_none) {
    const auto first = manager.make_untyped("first", {});
    BufferConfig narrow;
    narrow.max_size_bytes = 1000;
    const auto second = manager.make_untyped("second", narrow);
    const auto grow_both = [&](std::size_t elements) {
        Shortage shortage;
        GrowthSet growths(*manager.core()->resources, StreamOrder::after_all(), 2, shortage);
        first.reserve(elements, growths);
        second.reserve(elements, growths);
        growths.finish();
        growths.commit();
    };
    BOOST_CHECK_THROW(grow_both(251), max_size_exceeded);
    BOOST_TEST(first.capacity_bytes() == 0U);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    grow_both(250);
    BOOST_TEST(first.capacity_bytes() == 4 * KiB);
    BOOST_TEST(second.capacity_bytes() == 1000U);
    BOOST_TEST(first.size_bytes() == 0U);  // as reserve()
}

BOOST_AUTO_TEST_CASE(bytes_are_downloaded_without_blocking) {
    const auto made = manager.make_untyped("bytes", with_downloads());
    made.ensure_capacity(25);
    const auto values = ascending<std::uint8_t>(100);
    made.upload_bytes(values.data(), 100);
    made.start_async_download(stream.handle());
    const auto view = made.wait_for_download();
    BOOST_TEST(view.size() == 100U);
    BOOST_TEST((view[99] == std::byte{99}));
    BOOST_TEST(made.latest().sequence() == view.sequence());
    BOOST_TEST(!made.download_pending());
}

BOOST_AUTO_TEST_CASE(an_owner_frees_what_it_holds_and_a_config_without_a_size_counts_no_bytes) {
    {
        auto made = manager.make_untyped("bytes", {});
        made.ensure_capacity(10);
        UntypedBuffer other = std::move(made);
        made = std::move(other);
        BOOST_TEST(made.size_bytes() == 40U);
        BOOST_CHECK_THROW(other.reserve(1), invalid_argument);
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BufferConfig sizeless;
    sizeless.bytes_per_element = 0;
    const auto none = manager.make_untyped("none", sizeless);
    BOOST_TEST(none.size() == 0U);
    none.set_size(5);
    none.ensure_capacity(1000);
    BOOST_TEST(none.capacity_bytes() == 0U);
    BOOST_CHECK_THROW(UntypedHandle().element_size(), invalid_argument);
    BOOST_CHECK_THROW(manager.get_or_create("big", {}).reserve(std::numeric_limits<std::size_t>::max()),
                      invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
