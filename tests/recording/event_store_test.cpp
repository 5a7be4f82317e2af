// SPDX-License-Identifier: Apache-2.0
// A thread's events: in order, bounded, and whole when their blocks are away.
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <triune/detail/track/event_store.hpp>

using namespace triune;

namespace {

constexpr std::size_t two_blocks = 2 * EventBlock::size;

struct OnStore {
    void note(std::size_t bytes, std::string_view name = "x") {
        MemoryEvent event;
        event.bytes = bytes;
        event.name = name;
        store.note(event, nullptr, two_blocks);
    }
    // Notes until something is lost, or all that can be there is long past.
    std::size_t fill(std::size_t bytes) {
        std::size_t noted = 0;
        for (; store.lost() == 0 && noted < 100'000; ++noted) note(bytes == 0 ? noted + 1 : bytes);
        return noted;
    }
    std::vector<std::size_t> bytes() const {
        std::vector<std::unique_ptr<EventBlock>> copies;
        store.copy_to(copies);
        std::vector<std::size_t> found;
        for (const auto& copy : copies) copy->for_each([&](const StoredEvent& each) { found.push_back(each.bytes); });
        return found;
    }

    EventStore store;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event_store, OnStore)

BOOST_AUTO_TEST_CASE(events_come_out_in_the_order_in_which_they_went_in_with_their_names) {
    note(1, "first");
    note(2, "");
    note(3, "the third one");
    BOOST_TEST(bytes() == (std::vector<std::size_t>{1, 2, 3}));
    EventBlock* const block = store.remove_all();
    std::vector<std::string> names;
    block->for_each([&](const StoredEvent& each) { names.emplace_back(each.name()); });
    BOOST_TEST(names == (std::vector<std::string>{"first", "", "the third one"}));
    BOOST_TEST(bytes().empty());
    store.bring_back(block);
}

BOOST_AUTO_TEST_CASE(where_all_blocks_are_full_the_oldest_events_go_and_are_counted) {
    const std::size_t noted = fill(0);
    const auto kept = bytes();
    BOOST_TEST(kept.back() == noted);
    BOOST_TEST(kept.size() + store.lost() == noted);
    BOOST_TEST(kept.front() == store.lost() + 1);
}

BOOST_AUTO_TEST_CASE(while_all_blocks_are_away_events_are_lost_and_counted_and_then_none_is) {
    note(1);
    fill(2);
    EventBlock* const away = store.remove_all();
    const std::uint64_t before = store.lost();
    note(3);
    BOOST_TEST(store.lost() == before + 1);
    store.bring_back(away);
    note(4);
    BOOST_TEST(store.lost() == before + 1);
    BOOST_TEST(bytes() == (std::vector<std::size_t>{4}));
}

BOOST_AUTO_TEST_CASE(a_reset_forgets_all) {
    fill(1);
    store.reset();
    BOOST_TEST(store.lost() == 0U);
    BOOST_TEST(bytes().empty());
    note(7);
    BOOST_TEST(bytes() == (std::vector<std::size_t>{7}));
}

BOOST_AUTO_TEST_CASE(after_a_reset_there_may_be_more_room_or_less) {
    const auto room = [&](std::size_t max_bytes) {
        store.reset();
        std::size_t noted = 0;
        for (; store.lost() == 0 && noted < 100'000; ++noted) store.note({}, nullptr, max_bytes);
        return noted;
    };
    const std::size_t small = room(two_blocks);
    BOOST_TEST(room(2 * two_blocks) > small);
    BOOST_TEST(room(two_blocks) == small);
    BOOST_TEST(room(two_blocks) == small);
}

BOOST_AUTO_TEST_SUITE_END()
