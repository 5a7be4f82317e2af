// SPDX-License-Identifier: Apache-2.0
// The one book: records, totals, names and peaks.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <vector>

#include "tracked_item.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(records_come_most_bytes_first_and_of_equal_ones_the_older_first) {
    Registry books;
    const std::vector<Item> live{item(books, "small", 10), item(books, "first of two", 50),
                                 item(books, "second of two", 50), item(books, "big", 100)};
    const auto found = books.records();
    BOOST_REQUIRE(found.size() == 4U);
    BOOST_TEST(found[0].name() == "big");
    BOOST_TEST(found[1].name() == "first of two");
    BOOST_TEST(found[2].name() == "second of two");
    BOOST_TEST(found[3].name() == "small");
    BOOST_TEST(found[1].id() < found[2].id());
}

BOOST_AUTO_TEST_CASE(many_records_of_few_sizes_come_in_order_too) {
    Registry books;
    std::vector<Item> live;
    for (std::size_t i = 0; i < 500; ++i) live.push_back(item(books, std::nullopt, 1 + i * 7919 % 5));
    const auto found = books.records();
    BOOST_REQUIRE(found.size() == 500U);
    BOOST_TEST(biggest_come_first_and_of_equals_the_oldest(found));
}

BOOST_AUTO_TEST_CASE(the_filter_keeps_what_has_a_name_and_an_element_type) {
    Registry books;
    const std::vector<Item> live{item(books, "typed", 1),
                                 item(books, "", 2),  // the empty string is a name
                                 item(books, std::nullopt, 3),
                                 item(books, "bytes", 4, OwnerKind::untyped),
                                 item(books, "graph.x", 5, OwnerKind::member),
                                 item(books, "a facade's", 6, OwnerKind::alias)};
    BOOST_TEST(books.records(RecordFilter::all).size() == 6U);
    const auto found = books.records(RecordFilter::named_typed);
    BOOST_REQUIRE(found.size() == 3U);
    BOOST_TEST(found[0].name() == "a facade's");
    BOOST_TEST(found[1].name() == "");
    BOOST_TEST(found[2].name() == "typed");
}

BOOST_AUTO_TEST_CASE(an_alias_is_listed_but_in_no_total) {
    Registry books;
    const Item alias = item(books, "a facade's", 100, OwnerKind::alias);
    const Item memory = item(books, std::nullopt, 100);
    BOOST_TEST(books.records().size() == 2U);
    BOOST_TEST(books.total_bytes() == 100U);
    BOOST_TEST(books.figures().buffer_count == 1U);
    BOOST_TEST(books.figures().allocation_count == 1U);
    BOOST_REQUIRE(books.top_holders(2).size() == 1U);
    BOOST_TEST(!books.top_holders(2).front().has_name());
    BOOST_TEST(books.statistics().buffer_stats.empty());
}

BOOST_AUTO_TEST_CASE(the_figures_follow_an_allocations_life) {
    Registry books;
    Item made = item(books, "x", 0);
    BOOST_TEST(books.figures().buffer_count == 1U);
    BOOST_TEST(books.figures().allocation_count == 0U);  // it holds nothing yet
    books.resized(*made, 100);
    books.resized(*made, 300);
    books.resized(*made, 200);
    books.count_transfer();
    MemoryFigures figures = books.figures();
    BOOST_TEST(figures.allocation_count == 1U);
    BOOST_TEST(figures.resize_count == 2U);
    BOOST_TEST(figures.total_allocated_bytes == 200U);
    BOOST_TEST(figures.peak_allocated_bytes == 300U);
    BOOST_TEST(figures.async_transfer_count == 1U);
    BOOST_TEST(books.records().front().bytes == 200U);
    BOOST_TEST(books.records().front().peak_bytes == 300U);
    BOOST_TEST(books.records().front().resizes == 2U);
    books.remove(*made);
    books.remove(*made);  // does nothing
    figures = books.figures();
    BOOST_TEST(figures.total_allocated_bytes == 0U);
    BOOST_TEST(figures.free_count == 1U);
    BOOST_TEST(figures.buffer_count == 0U);
    BOOST_TEST(made->capacity() == 0U);
    BOOST_TEST(books.records().empty());
}

BOOST_AUTO_TEST_CASE(what_never_held_memory_is_no_free) {
    Registry books;
    item(books, "x", 0).reset();
    BOOST_TEST(books.figures().free_count == 0U);
    BOOST_TEST(books.figures().buffer_count == 0U);
}

BOOST_AUTO_TEST_CASE(the_peak_can_be_taken_from_now_on) {
    Registry books;
    const Item kept = item(books, "x", 10);
    item(books, "y", 90).reset();
    BOOST_TEST(books.figures().peak_allocated_bytes == 100U);
    books.reset_peak();
    BOOST_TEST(books.figures().peak_allocated_bytes == 10U);
    books.resized(*kept, 30);
    BOOST_TEST(books.figures().peak_allocated_bytes == 30U);
}

BOOST_AUTO_TEST_CASE(a_name_is_one_allocations_until_it_is_taken) {
    Registry books;
    const Item first = item(books, "x", 1);
    const Item second = item(books, "x", 2);
    BOOST_TEST(books.enter_name(*first));
    BOOST_TEST(!books.enter_name(*second));
    BOOST_TEST(books.find("x") == first);
    BOOST_TEST(!books.find("y"));
    BOOST_TEST(books.contains("x"));
    BOOST_TEST(!books.contains("y"));
    BOOST_TEST(books.extract("x") == first);
    BOOST_TEST(!books.extract("x"));
    BOOST_TEST(books.enter_name(*second));
    BOOST_TEST(books.extract_any() == second);
    BOOST_TEST(!books.extract_any());
}

BOOST_AUTO_TEST_CASE(the_registry_owns_what_has_a_name_and_hands_it_over) {
    Registry books;
    Item made = item(books, "x", 1);
    TrackedItem::disposed = 0;
    books.enter_name(*made);
    made.reset();
    BOOST_TEST(TrackedItem::disposed == 0);
    books.extract("x").reset();
    BOOST_TEST(TrackedItem::disposed == 1);
}

BOOST_AUTO_TEST_CASE(what_is_held_stays_until_the_last_has_left) {
    std::optional<Registry> books(std::in_place);
    Item first = item(*books, "x", 1);
    Item second = item(*books, "y", 1);
    auto held = std::make_shared<int>(1);
    const std::weak_ptr<int> there = held;
    books->hold_while_listed(std::move(held));
    first.reset();
    BOOST_TEST(!there.expired());
    second.reset();
    BOOST_TEST(there.expired());
    books->hold_while_listed(std::make_shared<int>(2));  // nothing is listed: goes at once
}

BOOST_AUTO_TEST_CASE(names_are_found_by_what_they_stand_for_and_taken_from_that_alone) {
    Registry books;
    for (std::size_t i = 0; i < 200; ++i) books.enter_name(*item(books, std::to_string(i), 1 + i % 3));
    const auto capacity = [](const TrackedAllocation& each) {
        return static_cast<const TrackedItem&>(each).capacity();
    };
    auto found = books.find_if([&](const TrackedAllocation& each) { return capacity(each) == 3; });
    BOOST_TEST(found.size() == 66U);
    for (const auto& each : found) BOOST_TEST((books.extract_name_of(*each) == each));
    const Item other = item(books, "2", 5);
    books.enter_name(*other);
    for (const auto& each : found) BOOST_TEST(!books.extract_name_of(*each));  // taken, or another's by now
    BOOST_TEST((books.find("2") == other));
    BOOST_TEST((books.extract_name_of(*other) == other));
    const Item never = item(books, "never entered", 5);
    BOOST_TEST(!books.extract_name_of(*never));
    found.clear();
    BOOST_TEST(!books.find("2"));
    BOOST_TEST((books.find("3") != nullptr));
    while (books.extract_any()) {
    }
    BOOST_TEST(books.total_bytes() == 10U);
}

BOOST_AUTO_TEST_CASE(the_top_holders_are_the_biggest_few) {
    Registry books;
    BOOST_TEST(books.top_holders(2).empty());
    std::vector<Item> live;
    const Item empty = item(books, "0", 0);
    BOOST_TEST(books.top_holders(2).empty());
    for (std::size_t bytes = 1; bytes <= 5; ++bytes) live.push_back(item(books, std::to_string(bytes), bytes));
    const std::vector<AllocationRecord> two = books.top_holders(2);
    BOOST_REQUIRE(two.size() == 2U);
    BOOST_TEST(two[0].name() == "5");
    BOOST_TEST(two[1].name() == "4");
}

BOOST_AUTO_TEST_CASE(the_statistics_name_buffers_oldest_first_with_their_utilization) {
    Registry books;
    const Item first = item(books, "z", 100);
    const Item second = item(books, "a", 100, OwnerKind::untyped);
    const Item nameless = item(books, std::nullopt, 100);
    first->use(25);
    const Statistics statistics = books.statistics();
    BOOST_TEST(statistics.total_allocated_bytes == 300U);
    BOOST_REQUIRE(statistics.buffer_stats.size() == 2U);
    BOOST_TEST(statistics.buffer_stats[0].name == "z");
    BOOST_TEST(statistics.buffer_stats[0].allocated_bytes == 25U);
    BOOST_TEST(statistics.buffer_stats[0].utilization == 0.25F);
    BOOST_TEST(statistics.buffer_stats[1].name == "a");
    BOOST_TEST(statistics.buffer_stats[1].utilization == 0.0F);
}

// Allocations come, grow and go on four threads; whoever looks meanwhile finds figures and records that agree.
BOOST_AUTO_TEST_CASE(figures_and_records_agree_at_every_moment) {
    Registry books;
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        while (!done) {
            const auto [figures, records] = books.contents();
            std::size_t sum = 0;
            for (const AllocationRecord& record : records) sum += record.bytes;
            if (sum != figures.total_allocated_bytes || records.size() != figures.buffer_count) ++wrong;
            if (figures.peak_allocated_bytes < figures.total_allocated_bytes) ++wrong;
        }
    });
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 3; ++seed) {
        threads.emplace_back([&books, seed] {
            std::mt19937 random(seed);
            std::vector<Item> live;
            for (int step = 0; step < 2000; ++step) {
                if (live.size() < 5 || random() % 3 == 0)
                    live.push_back(item(books, std::to_string(step), random() % 9));
                books.resized(*live[random() % live.size()], random() % 100 + 1);
                if (live.size() > 20) std::swap(live[random() % live.size()], live.back()), live.pop_back();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    done = true;
    reader.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(books.total_bytes() == 0U);
    BOOST_TEST(books.figures().buffer_count == 0U);
}

BOOST_AUTO_TEST_CASE(threads_enter_find_and_take_names) {
    Registry books;
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int turn = 0; turn < 500; ++turn) {
                const std::string name = std::to_string(turn % 7);
                books.enter_name(*item(books, name, 1));
                if (const auto found = books.find(name)) books.resized(*found, 2);
                if (books.extract(name)) ++taken;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(taken > 0);
    BOOST_TEST(!books.extract_any());
    BOOST_TEST(books.records().empty());
}

BOOST_AUTO_TEST_SUITE_END()
