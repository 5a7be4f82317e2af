// SPDX-License-Identifier: Apache-2.0
// Figures side by side: in the order of creation, whatever goes in between.
#include <triune/detail/track/ledger.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tracked_item.hpp"

using namespace triune;

namespace {

// In no registry, so that it may stand in a ledger of the test's own.
struct Loose final : TrackedAllocation {
    explicit Loose(std::size_t number)
        : TrackedAllocation(origin_of(OwnerKind::typed), std::to_string(number)), bytes(number) {}
    void dispose() noexcept override {}
    const std::size_t bytes;
};

struct OnLedger {
    void add(std::size_t number) {
        live.push_back(std::make_unique<Loose>(number));
        ledger.add(*live.back());
        Ledger::set_bytes(*live.back(), number, false);
    }
    void remove(std::size_t index) {
        ledger.remove(*live[index]);
        live.erase(live.begin() + static_cast<std::ptrdiff_t>(index));
    }
    // Whether it has just what is live, in that order, with its figures; and how many pages it takes.
    std::size_t pages_where_right() const {
        std::size_t next = 0;
        std::size_t pages = 0;
        std::size_t wrong = 0;
        const LedgerPage* last = nullptr;
        ledger.for_each([&](const LedgerPage& page, std::size_t place) {
            pages += &page != last ? 1 : 0;
            last = &page;
            const bool right = next < live.size() && page.allocation[place] == live[next].get() &&
                               page.bytes[place] == live[next]->bytes && page.has_name(place) &&
                               page.kind(place) == OwnerKind::typed;
            wrong += right ? 0 : 1;
            ++next;
        });
        BOOST_TEST(wrong == 0U);
        BOOST_TEST(next == live.size());
        BOOST_TEST(ledger.size() == live.size());
        return pages;
    }

    Ledger ledger;
    std::vector<std::unique_ptr<Loose>> live;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ledger, OnLedger)

BOOST_AUTO_TEST_CASE(what_comes_and_goes_at_random_stays_in_order_in_few_pages) {
    std::mt19937 random(1);
    std::size_t number = 0;
    for (const std::size_t target : {1000U, 100U, 700U, 3U, 300U, 0U, 10U}) {
        while (live.size() < target) add(++number);
        while (live.size() > target) remove(random() % live.size());
        const std::size_t pages = pages_where_right();
        // Of two neighbours that are a quarter full or less no two are left.
        BOOST_TEST(pages <= 2 + 8 * live.size() / LedgerPage::places);
    }
}

BOOST_AUTO_TEST_CASE(the_oldest_go_first_and_the_pages_with_them) {
    for (std::size_t number = 0; number < 5000; ++number) {
        add(number);
        if (live.size() > 100) remove(0);
    }
    BOOST_TEST(pages_where_right() <= 4U);
}

BOOST_AUTO_TEST_CASE(peak_and_resizes_move_with_the_bytes) {
    for (std::size_t number = 0; number < 200; ++number) add(number);
    Loose* const kept = live[100].get();
    Ledger::set_bytes(*kept, 5000, true);
    Ledger::set_bytes(*kept, kept->bytes, true);
    while (live.front().get() != kept) remove(0);
    while (live.size() > 1) remove(1);
    BOOST_TEST(pages_where_right() == 1U);
    ledger.for_each([](const LedgerPage& page, std::size_t place) {
        BOOST_TEST(page.peak_bytes[place] == 5000U);
        BOOST_TEST(page.resizes[place] == 2U);
    });
}

BOOST_AUTO_TEST_SUITE_END()
