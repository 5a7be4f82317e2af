// Names to allocations, whatever the names are.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

#include <triune/track/name_index.hpp>

#include "tracked_item.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(name_index)

BOOST_AUTO_TEST_CASE(any_string_is_a_name) {
    Registry books;
    NameIndex index;
    std::vector<Item> live;
    const std::vector<std::string> names{"", "a", std::string("a\0b", 3), std::string(10240, 'n'), "\xff\xfe"};
    for (const std::string& name : names) {
        live.push_back(item(books, name, 1));
        BOOST_TEST(index.enter(*live.back()));
    }
    for (std::size_t i = 0; i < names.size(); ++i) BOOST_TEST(index.find(names[i]) == live[i].get());
    BOOST_TEST(index.find("b") == nullptr);
}

BOOST_AUTO_TEST_CASE(it_grows_and_shrinks_and_finds_all_that_is_in_it) {
    Registry books;
    NameIndex index;
    std::vector<Item> live;
    for (int i = 0; i < 1000; ++i) {
        live.push_back(item(books, std::to_string(i), 1));
        BOOST_TEST(index.enter(*live.back()));
        BOOST_TEST(!index.enter(*live.back()));
    }
    for (int i = 0; i < 1000; i += 2) index.erase(*live[static_cast<std::size_t>(i)]);
    BOOST_TEST(index.size() == 500U);
    for (int i = 0; i < 1000; ++i) BOOST_TEST((index.find(std::to_string(i)) != nullptr) == (i % 2 == 1));
    std::size_t left = 0;
    while (TrackedAllocation* any = index.any()) index.erase(*any), ++left;
    BOOST_TEST(left == 500U);
}

BOOST_AUTO_TEST_SUITE_END()
