// SPDX-License-Identifier: Apache-2.0
// Ids in blocks.
#include <boost/test/unit_test.hpp>

#include <chrono>

#include <triune/detail/track/id_block.hpp>

using triune::IdBlock;

BOOST_AUTO_TEST_SUITE(id_block)

BOOST_AUTO_TEST_CASE(alone_it_gives_every_id) {
    std::atomic<std::uint64_t> last{0};
    IdBlock ids;
    IdBlock::Tick tick{std::chrono::seconds{1}};
    for (std::uint64_t i = 1; i <= 200; ++i) {
        BOOST_TEST(ids.next(last, tick) == i);
        if (i % 50 == 0) tick += std::chrono::milliseconds{4};
    }
    BOOST_TEST(last == 200U);
}

BOOST_AUTO_TEST_CASE(beside_another_it_takes_many_at_a_time_and_none_twice) {
    std::atomic<std::uint64_t> last{0};
    IdBlock a;
    IdBlock b;
    const IdBlock::Tick tick{std::chrono::seconds{1}};
    std::uint64_t last_of_a = 0;
    std::uint64_t last_of_b = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t of_a = a.next(last, tick);
        const std::uint64_t of_b = b.next(last, tick);
        BOOST_TEST(of_a > last_of_a);
        BOOST_TEST(of_b > last_of_b);
        BOOST_TEST(of_a != of_b);
        last_of_a = of_a;
        last_of_b = of_b;
    }
    BOOST_TEST(last < 2200U);
    BOOST_TEST(last_of_a > 900U);
}

BOOST_AUTO_TEST_CASE(when_the_tick_is_over_no_older_id_is_given) {
    std::atomic<std::uint64_t> last{0};
    IdBlock a;
    IdBlock b;
    IdBlock::Tick tick{std::chrono::seconds{1}};
    for (int i = 0; i < 20; ++i) {
        a.next(last, tick);
        b.next(last, tick);
    }
    const std::uint64_t before = last;
    tick += std::chrono::milliseconds{4};
    BOOST_TEST(a.next(last, tick) == before + 1);
    BOOST_TEST(b.next(last, tick) == before + 2);
}

BOOST_AUTO_TEST_CASE(what_is_dropped_is_never_given) {
    std::atomic<std::uint64_t> last{0};
    IdBlock a;
    IdBlock b;
    const IdBlock::Tick tick{std::chrono::seconds{1}};
    for (int i = 0; i < 20; ++i) {
        a.next(last, tick);
        b.next(last, tick);
    }
    a.drop();
    const std::uint64_t before = last;
    BOOST_TEST(a.next(last, tick) > before);
}

BOOST_AUTO_TEST_SUITE_END()
