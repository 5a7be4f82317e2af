// The records of who owns what.
#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

#include <triune/track/registry.hpp>

using triune::AllocationRecord;
using triune::OwnerKind;
using triune::Registry;

namespace {

AllocationRecord record(const char* name, std::size_t bytes, OwnerKind kind = OwnerKind::typed) {
    AllocationRecord made;
    if (name != nullptr) made.name = name;
    made.kind = kind;
    made.type = "float";
    made.bytes = bytes;
    made.where = std::source_location::current();
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(records_come_most_bytes_first_and_of_equal_ones_the_older_first) {
    Registry books;
    books.add(record("small", 10));
    books.add(record("first of two", 50));
    books.add(record("second of two", 50));
    books.add(record("big", 100));
    const auto found = books.records();
    BOOST_REQUIRE(found.size() == 4U);
    BOOST_TEST(*found[0].name == "big");
    BOOST_TEST(*found[1].name == "first of two");
    BOOST_TEST(*found[2].name == "second of two");
    BOOST_TEST(*found[3].name == "small");
}

BOOST_AUTO_TEST_CASE(the_filter_keeps_what_has_a_name_and_an_element_type) {
    Registry books;
    books.add(record("typed", 1));
    books.add(record("", 2));  // the empty string is a name
    books.add(record(nullptr, 3));
    books.add(record("bytes", 4, OwnerKind::untyped));
    books.add(record("graph.x", 5, OwnerKind::member));
    BOOST_TEST(books.records(Registry::Filter::all).size() == 5U);
    const auto found = books.records(Registry::Filter::named_typed);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST(*found[0].name == "");
    BOOST_TEST(*found[1].name == "typed");
}

BOOST_AUTO_TEST_CASE(a_record_knows_its_thread_its_place_and_its_age) {
    Registry books;
    std::thread::id other;
    std::thread thread([&] {
        other = std::this_thread::get_id();
        books.add(record("x", 1));
    });
    thread.join();
    const auto found = books.records();
    BOOST_TEST((found.front().thread == other));
    BOOST_TEST(found.front().age_seconds() >= 0);
    BOOST_TEST(std::string_view(found.front().where.file_name()).ends_with("registry_test.cpp"));
}

BOOST_AUTO_TEST_CASE(a_resize_changes_the_bytes_and_counts_unless_it_is_the_first_memory) {
    Registry books;
    const auto id = books.add(record("x", 0));
    books.resized(id, 100, false);
    BOOST_TEST(books.records().front().bytes == 100U);
    BOOST_TEST(books.records().front().resizes == 0U);
    books.resized(id, 200, true);
    books.resized(id + 1, 300, true);  // nobody's
    BOOST_TEST(books.records().front().bytes == 200U);
    BOOST_TEST(books.records().front().resizes == 1U);
}

BOOST_AUTO_TEST_CASE(a_removed_record_is_gone_and_removing_it_again_does_nothing) {
    Registry books;
    const auto id = books.add(record("x", 1));
    const auto kept = books.add(record("y", 1));
    BOOST_TEST(kept > id);
    books.remove(id);
    books.remove(id);
    BOOST_TEST(books.size() == 1U);
    BOOST_TEST(books.records().front().id == kept);
}

BOOST_AUTO_TEST_CASE(a_description_has_name_type_bytes_and_place) {
    AllocationRecord described = record("positions", 4000);
    const std::string text = described.describe();
    BOOST_TEST(text.starts_with("'positions' (float, 4000 bytes, registry_test.cpp:"));
    described.name.reset();
    described.type.clear();
    BOOST_TEST(described.describe().starts_with("unnamed (4000 bytes, registry_test.cpp:"));
    described.where = {};
    BOOST_TEST(described.describe() == "unnamed (4000 bytes)");
}

BOOST_AUTO_TEST_CASE(the_top_holders_are_the_biggest_few) {
    Registry books;
    BOOST_TEST(books.top_holders() == "nothing");
    for (std::size_t bytes = 1; bytes <= 5; ++bytes) books.add(record(std::to_string(bytes).c_str(), bytes));
    const std::string two = books.top_holders(2);
    BOOST_TEST(two.find("'5'") == 0U);
    BOOST_TEST(two.find("'4'") != std::string::npos);
    BOOST_TEST(two.find("'3'") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(threads_get_ids_of_their_own) {
    Registry books;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&books] {
            for (int turn = 0; turn < 200; ++turn) {
                const auto id = books.add(record("x", 1));
                if (turn % 2 == 0) books.remove(id);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(books.size() == 400U);
}

BOOST_AUTO_TEST_SUITE_END()
