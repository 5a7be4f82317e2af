// SPDX-License-Identifier: Apache-2.0
// Two counts on one allocation: owners keep all of it, facts its words.
#include <boost/test/unit_test.hpp>

#include <optional>
#include <thread>
#include <vector>

#include "tracked_item.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(tracked_allocation)

BOOST_AUTO_TEST_CASE(the_last_owner_disposes_and_the_last_facts_delete) {
    Registry books;
    TrackedItem::disposed = TrackedItem::deleted = 0;
    Item first = item(books, "x", 4);
    Item second = first;
    std::optional<AllocationFacts> facts{*first};
    first.reset();
    BOOST_TEST(TrackedItem::disposed == 0);
    second.reset();
    BOOST_TEST(TrackedItem::disposed == 1);
    BOOST_TEST(TrackedItem::deleted == 0);
    BOOST_TEST(facts->name() == "x");
    facts.reset();
    BOOST_TEST(TrackedItem::deleted == 1);
    BOOST_TEST(TrackedItem::disposed == 1);
}

BOOST_AUTO_TEST_CASE(facts_are_values) {
    Registry books;
    TrackedItem::deleted = 0;
    std::optional<Item> x = item(books, "x", 1);
    const Item y = item(books, "y", 1);
    AllocationFacts first(**x);
    AllocationFacts second(first);
    const AllocationFacts third(std::move(first));
    second = AllocationFacts(*y);
    BOOST_TEST(second.name() == "y");
    BOOST_TEST(third.name() == "x");
    second = third;
    x.reset();
    BOOST_TEST(TrackedItem::deleted == 0);
    BOOST_TEST(second.name() == "x");
}

BOOST_AUTO_TEST_CASE(facts_tell_who_made_it_where_and_when) {
    Registry books;
    Item made;
    std::thread::id other;
    const auto before = TrackedAllocation::recently();
    std::thread thread([&] {
        other = std::this_thread::get_id();
        made = item(books, std::nullopt, 1);
    });
    thread.join();
    const AllocationFacts facts(*made);
    BOOST_TEST(facts.id() == 1U);
    BOOST_TEST(!facts.has_name());
    BOOST_TEST((facts.kind() == OwnerKind::typed));
    BOOST_TEST((*facts.type() == typeid(float)));
    BOOST_TEST((facts.thread() == other));
    BOOST_TEST((facts.created() >= before));
    BOOST_TEST((facts.created() <= TrackedAllocation::Clock::now()));
    BOOST_TEST(std::string_view(facts.where().file_name()).ends_with("tracked_item.cpp"));
    BOOST_TEST(facts.stack() == nullptr);
}

BOOST_AUTO_TEST_CASE(facts_may_outlive_the_registry) {
    std::optional<Registry> books(std::in_place);
    Item made = item(*books, "x", 1);
    const AllocationFacts facts(*made);
    made.reset();
    books.reset();
    BOOST_TEST(facts.name() == "x");
}

BOOST_AUTO_TEST_CASE(a_size_above_the_capacity_counts_as_full) {
    Registry books;
    const Item made = item(books, "x", 10);
    made->use(20);  // as a reader may see it while the buffer shrinks
    BOOST_TEST(made->stats().utilization == 1.0F);
    BOOST_TEST(made->stats().allocated_bytes == 10U);
    const BufferStats stats = made->stats();
    BOOST_TEST(stats.age_seconds >= stats.last_access_seconds);
}

// One thread frees what another lists: names are read after their allocations are gone.
BOOST_AUTO_TEST_CASE(a_list_outlives_what_other_threads_free_meanwhile) {
    Registry books;
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        while (!done) {
            for (const AllocationRecord& record : books.records()) wrong += record.name() == "name" ? 0 : 1;
        }
    });
    for (int turn = 0; turn < 300; ++turn) {
        std::vector<Item> live;
        for (int i = 0; i < 10; ++i) live.push_back(item(books, "name", 1));
    }
    done = true;
    reader.join();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
