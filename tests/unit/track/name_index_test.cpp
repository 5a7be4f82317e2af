// SPDX-License-Identifier: Apache-2.0
// Names to allocations, whatever the names are.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <triune/detail/track/name_index.hpp>
#include <triune/detail/track/registry.hpp>

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
        BOOST_TEST(index.enter(*live.back(), live.back()->name()));
    }
    for (std::size_t i = 0; i < names.size(); ++i) BOOST_TEST(index.find(names[i]) == live[i].get());
    BOOST_TEST(index.find("b") == nullptr);
}

// Every length up to some words, and of each all that differ in one byte: the hash leaves none out.
BOOST_AUTO_TEST_CASE(every_byte_of_a_name_counts) {
    std::set<std::uint32_t> seen;
    std::size_t names = 0;
    for (std::size_t length = 0; length <= 40; ++length) {
        std::string name(length, 'a');
        seen.insert(name_hash(name));
        ++names;
        for (std::size_t i = 0; i < length; ++i, ++names) {
            name[i] = 'b';
            seen.insert(name_hash(name));
            name[i] = 'a';
        }
    }
    BOOST_TEST(seen.size() == names);
}

// As a program numbers its buffers: chains stay short.
BOOST_AUTO_TEST_CASE(names_that_are_numbered_spread) {
    std::vector<int> chains(1024);
    for (int i = 0; i < 1024; ++i) ++chains[name_hash("buffer" + std::to_string(i)) % 1024];
    BOOST_TEST(*std::ranges::max_element(chains) < 12);
}

BOOST_AUTO_TEST_CASE(it_grows_and_shrinks_and_finds_all_that_is_in_it) {
    Registry books;
    NameIndex index;
    std::vector<Item> live;
    for (int i = 0; i < 1000; ++i) {
        live.push_back(item(books, std::to_string(i), 1));
        BOOST_TEST(index.enter(*live.back(), live.back()->name()));
        BOOST_TEST(!index.enter(*live.back(), live.back()->name()));
    }
    for (int i = 0; i < 1000; i += 2)
        BOOST_TEST(index.extract(std::to_string(i)) == live[static_cast<std::size_t>(i)].get());
    BOOST_TEST(index.size() == 500U);
    for (int i = 0; i < 1000; ++i) BOOST_TEST((index.find(std::to_string(i)) != nullptr) == (i % 2 == 1));
    std::size_t left = 0;
    while (index.extract_any() != nullptr) ++left;
    BOOST_TEST(left == 500U);
}

BOOST_AUTO_TEST_SUITE_END()
