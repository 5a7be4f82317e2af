// Arenas that wait for the work that still uses them.
#include <boost/test/unit_test.hpp>

#include <memory>

#include <triune/alloc/retired_arenas.hpp>
#include <triune/base/log.hpp>

#include "on_chunks.hpp"

using namespace triune;

namespace {

struct OnRetired : OnChunks {
    RetiredArenas retired{sim};
    Stream stream{sim};

    std::unique_ptr<RetirableArena> arena() {
        auto made = std::make_unique<RetirableArena>(chunks, 4 * MiB);
        made->arena.commit(4 * MiB);
        return made;
    }
    // Writes to the arena later, on the stream.
    void use(const RetirableArena& used) {
        BOOST_TEST(sim.fill(used.arena.data(), 1, 1, 4 * MiB, stream.handle()).ok());
    }
    bool mapped() const { return sim.ledger().mappings != 0; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(retired_arenas, OnRetired)

BOOST_AUTO_TEST_CASE(an_arena_stays_mapped_until_the_work_on_its_stream_is_done) {
    auto used = arena();
    const Held held(sim);
    use(*used);
    retired.retire(std::move(used), StreamOrder::on(stream.handle()));
    retired.collect();
    BOOST_TEST(mapped());
}

BOOST_AUTO_TEST_CASE(an_arena_whose_work_is_done_is_collected) {
    auto used = arena();
    use(*used);
    retired.retire(std::move(used), StreamOrder::on(stream.handle()));
    stream.synchronize();
    retired.collect();
    BOOST_TEST(!mapped());
}

BOOST_AUTO_TEST_CASE(without_a_stream_all_queued_work_is_waited_for) {
    auto used = arena();
    {
        const Held held(sim);
        use(*used);
        retired.retire(std::move(used), StreamOrder::after_all());
        retired.collect();
        BOOST_TEST(mapped());
    }
    retired.drain();
    BOOST_TEST(!mapped());
    BOOST_TEST(stream.query());
}

BOOST_AUTO_TEST_CASE(draining_waits_for_the_work_and_releases_all) {
    for (int i = 0; i < 3; ++i) {
        auto used = arena();
        use(*used);
        retired.retire(std::move(used), StreamOrder::on(stream.handle()));
    }
    retired.drain();
    BOOST_TEST(!mapped());
}

BOOST_AUTO_TEST_CASE(where_the_order_cannot_be_recorded_the_device_is_waited_for) {
    auto used = arena();
    use(*used);
    sim.fail(Verb::event_record, 1, cuda_error::unknown);
    sim.fail(Verb::event_record_device, 1, cuda_error::unknown);
    retired.retire(std::move(used), StreamOrder::on(stream.handle()));
    BOOST_TEST(!mapped());
}

BOOST_AUTO_TEST_CASE(an_arena_without_its_event_is_not_made) {
    sim.fail(Verb::event_create, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(arena(), device_error);
    BOOST_TEST(sim.ledger().reservations == 0U);
}

BOOST_AUTO_TEST_CASE(a_question_that_fails_leaves_the_arena_for_the_next_time) {
    log::set_level(log::Level::off);
    auto used = arena();
    retired.retire(std::move(used), StreamOrder::on(stream.handle()));
    stream.synchronize();
    sim.fail(Verb::event_query, 1, cuda_error::unknown);
    retired.collect();
    BOOST_TEST(mapped());
    retired.collect();
    BOOST_TEST(!mapped());
    expected_teardown_failures = 1;
    log::set_level(log::Level::warn);
}

BOOST_AUTO_TEST_CASE(a_wait_that_fails_leaves_the_arena_for_the_next_time) {
    log::set_level(log::Level::off);
    retired.retire(arena(), StreamOrder::on(stream.handle()));
    sim.fail(Verb::event_synchronize, 1, cuda_error::unknown);
    retired.drain();
    BOOST_TEST(mapped());
    retired.drain();
    BOOST_TEST(!mapped());
    expected_teardown_failures = 1;
    log::set_level(log::Level::warn);
}

BOOST_AUTO_TEST_SUITE_END()
