// SPDX-License-Identifier: Apache-2.0
// The host has no memory left: a call has worked or has changed nothing.
#include <boost/test/unit_test.hpp>

#include <new>
#include <string>

#include <triune/detail/track/ledger.hpp>

#include "on_manager.hpp"
#include "replaced_new.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(host_memory, OnManager)

// The figures of buffers lie in pages, so that a page is wanted for one buffer of many.
BOOST_AUTO_TEST_CASE(a_name_whose_buffer_finds_no_place_in_the_books_is_free_again) {
    std::size_t refused = 0;
    for (std::size_t i = 0; i < 3 * LedgerPage::places; ++i) {
        const std::string name = "b" + std::to_string(i);
        const std::size_t count = manager.stats().buffer_count;
        ReplacedNew::refused_bytes = sizeof(LedgerPage);
        bool made = true;
        try {
            static_cast<void>(manager.allocate<float>(name, 100));
        } catch (const std::bad_alloc&) {
            made = false;
        }
        ReplacedNew::refused_bytes = 0;
        if (made) continue;
        ++refused;
        BOOST_TEST(!manager.contains(name));
        BOOST_TEST(manager.stats().buffer_count == count);
        BOOST_TEST(manager.total_allocated_bytes() == 400 * count);
        BOOST_TEST(manager.allocate<float>(name, 100).size() == 100U);
    }
    BOOST_TEST(refused >= 2U);
}

BOOST_AUTO_TEST_SUITE_END()
