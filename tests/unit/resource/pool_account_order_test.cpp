// SPDX-License-Identifier: Apache-2.0
// When memory that was given back may be drawn again.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <vector>

#include "on_account.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(pool_account_order, OnAccount)

BOOST_AUTO_TEST_CASE(memory_given_back_on_a_stream_serves_there_at_once_and_elsewhere_later) {
    const Stream other(sim);
    void* const first = account.allocate(big, word, on_stream());
    {
        const Held held(sim);
        BOOST_TEST(sim.fill(first, 7, 1, big, stream.handle()).ok());
        account.deallocate(first, on_stream());
        void* const elsewhere = account.allocate(big, word, StreamOrder::on(other.handle()));
        BOOST_TEST(elsewhere != first);
        account.deallocate(elsewhere, StreamOrder::on(other.handle()));
        void* const anywhere = draw(big);  // used at once by whom it likes, so it may not be what still waits
        BOOST_TEST(anywhere != first);
        BOOST_TEST(anywhere != elsewhere);
        give_back(anywhere);
        void* const again = account.allocate(big, word, on_stream());
        BOOST_TEST(again == first);
        account.deallocate(again, on_stream());
    }
}

BOOST_AUTO_TEST_CASE(memory_given_back_on_another_stream_is_from_then_on_in_that_ones_order) {
    const Stream other(sim);
    const StreamOrder on_other = StreamOrder::on(other.handle());
    void* const first = account.allocate(big, word, on_stream());
    const Held held(sim);
    BOOST_TEST(sim.fill(first, 7, 1, big, other.handle()).ok());
    account.deallocate(first, on_other);
    void* const where_it_came_from = account.allocate(big, word, on_stream());
    void* const where_it_went = account.allocate(big, word, on_other);
    BOOST_TEST(where_it_came_from != first);
    BOOST_TEST(where_it_went == first);
    account.deallocate(where_it_came_from, on_stream());
    account.deallocate(where_it_went, on_other);
}

BOOST_AUTO_TEST_CASE(memory_for_any_stream_is_none_that_waits_on_the_default_stream) {
    const StreamOrder on_default = StreamOrder::on(nullptr);
    void* const first = account.allocate(big, word, on_default);
    const Held held(sim);
    BOOST_TEST(sim.fill(first, 7, 1, big, nullptr).ok());
    account.deallocate(first, on_default);
    void* const second = draw(big);
    BOOST_TEST(second != first);
    give_back(second);
}

BOOST_AUTO_TEST_CASE(memory_given_back_without_a_stream_waits_for_all_of_them) {
    void* const first = draw(big);
    {
        const Held held(sim);
        BOOST_TEST(sim.fill(first, 7, 1, big, stream.handle()).ok());
        give_back(first);
        void* const meanwhile = account.allocate(big, word, on_stream());
        BOOST_TEST(meanwhile != first);
        void* const anywhere = draw(big);
        BOOST_TEST(anywhere != first);
        account.deallocate(meanwhile, on_stream());
        give_back(anywhere);
    }
    BOOST_TEST(sim.synchronize().ok());
    std::vector<void*> later{draw(big), draw(big), draw(big)};
    BOOST_TEST((std::ranges::find(later, first) != later.end()));
    for (void* const address : later) give_back(address);
}

BOOST_AUTO_TEST_CASE(a_destroyed_stream_gives_no_memory_and_takes_it_back_after_all_work) {
    const Quiet quiet;
    std::optional<Stream> gone(std::in_place, sim);
    const StreamHandle handle = gone->handle();
    void* const address = account.allocate(1000, word, StreamOrder::on(handle));
    gone.reset();
    BOOST_CHECK_THROW(account.allocate(1000, word, StreamOrder::on(handle)), invalid_argument);
    BOOST_TEST(manager.total_allocated_bytes() == 1000U);
    account.deallocate(address, StreamOrder::on(handle));
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    expected_misuse = sim.misuse().size();  // the simulated device has its own word about dead handles
}

BOOST_AUTO_TEST_SUITE_END()
