// SPDX-License-Identifier: Apache-2.0
// Lists: what they keep, and for how long.
#include <triune/detail/track/registry.hpp>
#include <triune/track/allocation_list.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "tracked_item.hpp"

using namespace triune;

namespace {

struct OnBooks {
    OnBooks() { TrackedItem::deleted = 0; }
    std::optional<Registry> books{std::in_place};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(allocation_list, OnBooks)

BOOST_AUTO_TEST_CASE(it_reads_like_a_vector_and_becomes_one) {
    const Item small = item(*books, "small", 1);
    const Item big = item(*books, "big", 3);
    const Item middle = item(*books, "middle", 2);
    const AllocationList list = books->records();
    BOOST_TEST(list.size() == 3U);
    BOOST_TEST(list.front().name() == "big");
    BOOST_TEST(list[1].name() == "middle");
    BOOST_TEST(list.back().name() == "small");
    BOOST_TEST(list.at(2).name() == "small");
    BOOST_CHECK_THROW(list.at(3), std::out_of_range);
    BOOST_TEST((list.end() - list.begin() == 3));
    BOOST_TEST(list.begin()[2].bytes == 1U);
    BOOST_TEST(std::ranges::count_if(list, [](const AllocationRecord& each) { return each.bytes > 1; }) == 2);
    const std::vector<AllocationRecord> copied = list;
    BOOST_TEST(copied.size() == 3U);
    BOOST_TEST(copied[0].name() == "big");
    BOOST_TEST(AllocationList().empty());
    BOOST_TEST((AllocationList().begin() == AllocationList().end()));
}

BOOST_AUTO_TEST_CASE(what_was_on_it_is_kept_as_long_as_it_is_and_no_longer) {
    Item made = item(*books, "x", 1);
    std::optional<AllocationList> list = books->records();
    std::optional<AllocationList> copy = list;
    made.reset();
    item(*books, "later", 1).reset();  // is on no list
    BOOST_TEST(TrackedItem::deleted == 1);
    list.reset();
    BOOST_TEST(TrackedItem::deleted == 1);
    BOOST_TEST(copy->front().name() == "x");
    copy.reset();
    BOOST_TEST(TrackedItem::deleted == 2);
}

BOOST_AUTO_TEST_CASE(a_record_that_is_copied_off_it_keeps_its_own) {
    Item made = item(*books, "x", 1);
    std::optional<AllocationRecord> record;
    {
        const AllocationList list = books->records();
        record = list.front();
    }
    made.reset();
    books.reset();
    BOOST_TEST(TrackedItem::deleted == 0);
    BOOST_TEST(record->name() == "x");
    record.reset();
    BOOST_TEST(TrackedItem::deleted == 1);
}

// Whichever of several goes first, the last that tells of it keeps it.
BOOST_AUTO_TEST_CASE(lists_hand_over_what_older_ones_tell_of_too) {
    for (const std::vector<std::size_t>& order : {std::vector<std::size_t>{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {1, 0, 2}}) {
        TrackedItem::deleted = 0;
        std::vector<std::optional<AllocationList>> lists;
        Item first = item(*books, "first", 1);
        lists.emplace_back(books->records());
        Item second = item(*books, "second", 2);
        lists.emplace_back(books->records());
        lists.emplace_back(books->records());
        second.reset();
        first.reset();
        for (const std::size_t gone : order) {
            for (const auto& list : lists) {
                if (list) BOOST_TEST(list->back().name() == "first");
            }
            lists[gone].reset();
            const bool of_second = lists[1] || lists[2];
            const bool of_first = of_second || lists[0];
            BOOST_TEST(TrackedItem::deleted == (of_first ? 0 : 1) + (of_second ? 0 : 1));
        }
    }
}

BOOST_AUTO_TEST_CASE(it_may_outlive_the_registry) {
    Item made = item(*books, "x", 7);
    const AllocationList list = books->records();
    made.reset();
    books.reset();
    BOOST_TEST(list.front().name() == "x");
    BOOST_TEST(list.front().bytes == 7U);
}

BOOST_AUTO_TEST_SUITE_END()
