// SPDX-License-Identifier: Apache-2.0
// The buffers of a uniform grid: its side, and growing all of them or none.
#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

#include <triune/graph/cell_buffers.hpp>

#include "../manage/on_manager.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(cell_buffers, OnManager)

BOOST_AUTO_TEST_CASE(the_side_is_the_exact_cube_root_rounded_up_and_eight_at_least) {
    for (const std::size_t few : {0UL, 1UL, 511UL, 512UL}) BOOST_TEST(grid_side(few) == 8U);
    BOOST_TEST(grid_side(513) == 9U);
    BOOST_TEST(grid_side(999) == 10U);
    BOOST_TEST(grid_side(1000) == 10U);
    BOOST_TEST(grid_side(1001) == 11U);
    for (std::size_t side = 9; side < 2000; side += 37) {
        BOOST_TEST(grid_side(side * side * side) == side);
        BOOST_TEST(grid_side(side * side * side + 1) == side + 1);
        BOOST_TEST(grid_side(side * side * side - 1) == side);
    }
}

BOOST_AUTO_TEST_CASE(huge_counts_have_an_exact_side_too) {
    constexpr std::size_t side = 2'642'245;  // the largest whose cube fits
    BOOST_TEST(grid_side(side * side * side) == side);
    BOOST_TEST(grid_side(side * side * side + 1) == side + 1);
    BOOST_TEST(grid_side(std::numeric_limits<std::size_t>::max()) == side + 1);
}

BOOST_AUTO_TEST_CASE(thirteen_buffers_get_room_for_nodes_or_cells_and_keep_size_zero) {
    resize_cell_buffers(manager, 1000);
    BOOST_TEST(manager.stats().buffer_count == 13U);
    BOOST_TEST(manager.get_untyped("pos_x").capacity_bytes() == 12000U);
    BOOST_TEST(manager.get_untyped("force_z").capacity_bytes() == 12000U);
    BOOST_TEST(manager.get_untyped("cell_keys").capacity_bytes() == 8000U);
    BOOST_TEST(manager.get_untyped("cell_end").capacity_bytes() == 8000U);  // 10^3 cells
    BOOST_TEST(manager.get_untyped("pos_x").size_bytes() == 0U);
    resize_cell_buffers(manager, 100);  // never shrinks
    BOOST_TEST(manager.get_untyped("pos_x").capacity_bytes() == 12000U);
    resize_cell_buffers(manager, 1001);
    BOOST_TEST(manager.get_untyped("pos_x").capacity_bytes() == static_cast<std::size_t>(12000.0F * 1.3F));
    BOOST_TEST(manager.get_untyped("cell_start").capacity_bytes() == 12000U);  // 1.5 x 8000 is more than 11^3 x 8
    BOOST_TEST(manager.stats().buffer_count == 13U);
}

BOOST_AUTO_TEST_CASE(where_one_fails_none_has_changed_and_none_was_made) {
    GpuMemoryManager tight(sim, 100'000);
    BOOST_CHECK_THROW(resize_cell_buffers(tight, 1000), limit_exceeded);
    BOOST_TEST(tight.stats().buffer_count == 0U);
    BOOST_TEST(tight.total_allocated_bytes() == 0U);
    resize_cell_buffers(tight, 10);
    const auto before = tight.total_allocated_bytes();
    BOOST_CHECK_THROW(resize_cell_buffers(tight, 1000), limit_exceeded);
    BOOST_TEST(tight.total_allocated_bytes() == before);
    BOOST_TEST(tight.get_untyped("pos_x").capacity_bytes() == 4 * KiB);
    BOOST_CHECK_THROW(resize_cell_buffers(tight, std::numeric_limits<std::size_t>::max()), invalid_argument);
    BOOST_CHECK_THROW(resize_cell_buffers(tight, 100'000'000), max_size_exceeded);
    BOOST_TEST(tight.total_allocated_bytes() == before);
}

BOOST_AUTO_TEST_CASE(where_they_cannot_grow_the_error_says_untyped) {
    GpuMemoryManager tight(sim, 100'000);
    const auto is_untyped = [](const Error& error) { return error.untyped(); };
    BOOST_CHECK_EXCEPTION(resize_cell_buffers(tight, 1000), limit_exceeded, is_untyped);  // by the last that needs room
    BOOST_CHECK_EXCEPTION(resize_cell_buffers(tight, 100'000'000), max_size_exceeded, is_untyped);
}

BOOST_AUTO_TEST_CASE(a_typed_buffer_of_one_of_the_names_stands_in_the_way_and_nothing_is_made) {
    static_cast<void>(manager.allocate<float>("vel_x", 10));
    BOOST_CHECK_THROW(resize_cell_buffers(manager, 1000), type_mismatch);
    BOOST_TEST(manager.stats().buffer_count == 1U);
    BOOST_TEST(manager.total_allocated_bytes() == 40U);
}

BOOST_AUTO_TEST_SUITE_END()
