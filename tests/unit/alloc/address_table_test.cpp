// SPDX-License-Identifier: Apache-2.0
// Blocks by their addresses, without a lock.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include <triune/detail/alloc/span/address_table.hpp>

using namespace triune;

namespace {

void* at(std::uintptr_t address) { return reinterpret_cast<void*>(address); }

constexpr std::uintptr_t base = 0x7f12'3400'0000;

}  // namespace

BOOST_AUTO_TEST_SUITE(address_table)

BOOST_AUTO_TEST_CASE(what_is_entered_is_found_at_its_address_alone) {
    AddressTable table;
    Span span;
    BOOST_TEST(table.find(at(base)) == nullptr);
    table.enter(at(base), &span);
    BOOST_TEST(table.find(at(base)) == &span);
    BOOST_TEST(table.find(at(base + 256)) == nullptr);
    BOOST_TEST(table.find(at(base - 256)) == nullptr);
    BOOST_TEST(table.find(at(base + (std::uintptr_t{1} << 26))) == nullptr);
    BOOST_TEST(table.find(at(base + (std::uintptr_t{1} << 47))) == nullptr);
}

BOOST_AUTO_TEST_CASE(no_address_is_taken_for_another) {
    AddressTable table;
    std::vector<Span> spans(4);
    const std::uintptr_t far[] = {256, base, (std::uintptr_t{1} << 57) - 256, std::uintptr_t{1} << 47};
    for (std::size_t i = 0; i < spans.size(); ++i) table.enter(at(far[i]), &spans[i]);
    for (std::size_t i = 0; i < spans.size(); ++i) BOOST_TEST(table.find(at(far[i])) == &spans[i]);
    BOOST_TEST(table.find(nullptr) == nullptr);
    BOOST_TEST(table.find(at(base + 1)) == nullptr);  // within a block
    BOOST_TEST(table.find(at(~std::uintptr_t{255})) == nullptr);
}

BOOST_AUTO_TEST_CASE(an_address_beyond_what_processors_have_is_refused) {
    AddressTable table;
    Span span;
    BOOST_CHECK_THROW(table.enter(at(std::uintptr_t{1} << 57), &span), std::bad_alloc);
}

// Two blocks meet in 64 KiB: one begins there, the other is entered there, by an address within it.
BOOST_AUTO_TEST_CASE(large_blocks_are_told_apart_where_they_meet) {
    AddressTable table;
    Span first, second, third;
    for (Span* each : {&first, &second, &third}) each->bytes = 1 << 20;
    const std::uintptr_t within = base + 0x1'0000;
    for (const std::uintptr_t offset : {0x100U, 0xFF00U, 0U}) {
        table.enter(at(within + offset), &first);
        table.enter(at(within + 0x8000), &second);
        table.enter(at(within + 0x8100), &third);
        BOOST_TEST(table.find(at(within + offset)) == &first);
        BOOST_TEST(table.find(at(within + 0x8000)) == &second);
        BOOST_TEST(table.find(at(within + 0x8100)) == &third);
        BOOST_TEST(table.find(at(within + 0x8200)) == nullptr);
        BOOST_TEST(!table.remove(at(within + 0x8000), &first));
        BOOST_TEST(table.remove(at(within + offset), &first));
        BOOST_TEST(table.find(at(within + offset)) == nullptr);
        BOOST_TEST(table.remove(at(within + 0x8000), &second));
        BOOST_TEST(!table.remove(at(within + 0x8000), &second));
        BOOST_TEST(table.remove(at(within + 0x8100), &third));
    }
}

BOOST_AUTO_TEST_CASE(a_small_block_and_a_large_one_in_one_place_in_turn_are_not_confused) {
    AddressTable table;
    Span small, large;
    small.bytes = 256;
    large.bytes = 1 << 20;
    table.enter(at(base), &large);
    BOOST_TEST(table.remove(at(base), &large));
    table.enter(at(base), &small);
    BOOST_TEST(table.find(at(base)) == &small);
    BOOST_TEST(!table.remove(at(base), &large));
    BOOST_TEST(table.remove(at(base), &small));
    table.enter(at(base), &large);
    BOOST_TEST(table.find(at(base)) == &large);
    BOOST_TEST(table.find(at(base + 0x100'0000)) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_block_is_removed_once) {
    AddressTable table;
    Span span;
    Span another;
    table.enter(at(base), &span);
    BOOST_TEST(!table.remove(at(base), &another));  // it is another's by now
    BOOST_TEST(table.find(at(base)) == &span);
    BOOST_TEST(table.remove(at(base), &span));
    BOOST_TEST(!table.remove(at(base), &span));
    BOOST_TEST(table.find(at(base)) == nullptr);
    BOOST_TEST(!table.remove(at(base + (std::uintptr_t{1} << 40)), &span));  // where there is no table
}

BOOST_AUTO_TEST_CASE(a_block_is_removed_wherever_within_it_it_was_entered) {
    AddressTable table;
    Span span;
    span.data = static_cast<std::byte*>(at(base));
    span.bytes = 4096;
    for (const std::uintptr_t offset : {0U, 256U, 3840U}) {
        table.enter(at(base + offset), &span);
        table.remove(&span);
        BOOST_TEST(table.find(at(base + offset)) == nullptr);
    }
    Span next;
    table.enter(at(base + 4096), &next);
    table.remove(&span);  // which is in no place
    BOOST_TEST(table.find(at(base + 4096)) == &next);
}

BOOST_AUTO_TEST_CASE(of_threads_that_remove_one_block_at_once_one_gets_it) {
    AddressTable table;
    Span span;
    constexpr int rounds = 2000;
    std::atomic<int> round{0};
    std::atomic<int> got{0};
    std::atomic<int> tried{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            for (int mine = 1; mine <= rounds; ++mine) {
                while (round < mine) std::this_thread::yield();
                if (table.remove(at(base), &span)) ++got;
                ++tried;
            }
        });
    }
    for (int each = 1; each <= rounds; ++each) {
        table.enter(at(base), &span);
        round = each;
        while (tried < 3 * each) std::this_thread::yield();
        if (got != each) break;
    }
    round = rounds;
    for (auto& thread : threads) thread.join();
    BOOST_TEST(got == rounds);
}

BOOST_AUTO_TEST_CASE(threads_that_begin_side_by_side_make_each_table_once) {
    for (int round = 0; round < 50; ++round) {
        AddressTable table;
        std::vector<Span> spans(4);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < spans.size(); ++i) {
            threads.emplace_back([&, i] { table.enter(at(base + 256 * i), &spans[i]); });
        }
        for (auto& thread : threads) thread.join();
        for (std::size_t i = 0; i < spans.size(); ++i) BOOST_TEST(table.find(at(base + 256 * i)) == &spans[i]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
