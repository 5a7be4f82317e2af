// SPDX-License-Identifier: Apache-2.0
// Reserve, commit, decommit, release.
#include <boost/test/unit_test.hpp>

#include <cstring>
#include <utility>

#include <triune/base/log.hpp>
#include <triune/detail/alloc/device_memory/growable_mapping.hpp>

#include "on_chunks.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(growable_mapping, OnChunks)

BOOST_AUTO_TEST_CASE(reserving_takes_addresses_and_no_memory) {
    GrowableMapping made(chunks, 10 * MiB + 1);
    BOOST_TEST(made.data() != nullptr);
    BOOST_TEST(made.reserved_bytes() == 12 * MiB);
    BOOST_TEST(made.committed_bytes() == 0U);
    BOOST_TEST(sim.ledger().chunk_bytes == 0U);
}

BOOST_AUTO_TEST_CASE(committing_more_keeps_the_address_and_the_contents) {
    GrowableMapping made(chunks, 16 * MiB);
    made.commit(1);
    std::byte* const at = made.data();
    std::memset(at, 0x5A, 2 * MiB);
    made.commit(10 * MiB);
    BOOST_TEST(made.data() == at);
    BOOST_TEST(made.committed_bytes() == 10 * MiB);
    BOOST_TEST((at[0] == std::byte{0x5A} && at[2 * MiB - 1] == std::byte{0x5A}));
    std::memset(at + 2 * MiB, 1, 8 * MiB);  // would fault where nothing is mapped
}

BOOST_AUTO_TEST_CASE(committing_what_is_committed_asks_the_device_for_nothing) {
    GrowableMapping made(chunks, 4 * MiB);
    made.commit(3 * MiB);
    const auto before = sim.calls(Verb::chunk_create);
    made.commit(4 * MiB);
    made.commit(1);
    made.commit(0);
    BOOST_TEST(sim.calls(Verb::chunk_create) == before);
}

BOOST_AUTO_TEST_CASE(decommitting_gives_back_whole_chunks_behind_what_is_kept) {
    GrowableMapping made(chunks, 16 * MiB);
    made.commit(4 * MiB);
    made.commit(8 * MiB);
    made.commit(16 * MiB);
    made.data()[0] = std::byte{7};
    made.decommit(6 * MiB);  // lies within the second chunk
    BOOST_TEST(made.committed_bytes() == 8 * MiB);
    made.decommit(4 * MiB + 1);  // and one byte of it
    BOOST_TEST(made.committed_bytes() == 8 * MiB);
    made.decommit(4 * MiB);
    BOOST_TEST(made.committed_bytes() == 4 * MiB);
    BOOST_TEST(sim.ledger().chunk_bytes == 4 * MiB);
    BOOST_TEST((made.data()[0] == std::byte{7}));
    made.commit(16 * MiB);
    BOOST_TEST((made.data()[0] == std::byte{7}));
}

BOOST_AUTO_TEST_CASE(releasing_gives_all_back_and_may_be_repeated) {
    GrowableMapping made(chunks, 8 * MiB);
    made.commit(8 * MiB);
    made.release();
    made.release();
    BOOST_TEST(made.data() == nullptr);
    BOOST_TEST(sim.ledger().balanced());
}

BOOST_AUTO_TEST_CASE(nothing_can_be_reserved_or_committed_beyond_what_there_is) {
    BOOST_CHECK_THROW(GrowableMapping(chunks, 0), invalid_argument);
    GrowableMapping made(chunks, 4 * MiB);
    BOOST_CHECK_THROW(made.commit(4 * MiB + 1), invalid_argument);
    GrowableMapping huge(chunks, 512 * MiB);
    BOOST_CHECK_THROW(huge.commit(300 * MiB), out_of_memory);  // the device has 256
    BOOST_TEST(huge.committed_bytes() == 0U);
    huge.commit(256 * MiB);
}

BOOST_AUTO_TEST_CASE(a_failure_at_any_step_of_a_commit_leaves_the_arena_as_it_was) {
    GrowableMapping made(chunks, 16 * MiB);
    made.commit(4 * MiB);
    made.data()[5] = std::byte{9};
    for (const Verb verb : {Verb::chunk_create, Verb::map, Verb::set_access}) {
        const auto before = sim.ledger().describe();
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(made.commit(8 * MiB), device_error);
        BOOST_TEST(made.committed_bytes() == 4 * MiB);
        BOOST_TEST(sim.ledger().describe() == before);
        BOOST_TEST((made.data()[5] == std::byte{9}));
    }
    made.commit(8 * MiB);
}

BOOST_AUTO_TEST_CASE(a_failed_reservation_leaves_nothing_behind) {
    sim.fail(Verb::address_reserve, 1, cuda_error::unknown);
    BOOST_CHECK_THROW(GrowableMapping(chunks, 4 * MiB), device_error);
    sim.fail(Verb::address_reserve, 1, cuda_error::out_of_memory);
    BOOST_CHECK_THROW(GrowableMapping(chunks, 4 * MiB), out_of_memory);
}

BOOST_AUTO_TEST_CASE(what_the_device_refuses_to_unmap_stays_committed_and_can_be_given_back_later) {
    log::set_level(log::Level::off);
    GrowableMapping made(chunks, 8 * MiB);
    made.commit(4 * MiB);
    made.commit(8 * MiB);
    made.data()[6 * MiB] = std::byte{3};
    sim.fail(Verb::unmap, 1, cuda_error::unknown);
    made.decommit(4 * MiB);
    BOOST_TEST(made.committed_bytes() == 8 * MiB);
    BOOST_TEST((made.data()[6 * MiB] == std::byte{3}));
    made.decommit(0);
    BOOST_TEST(made.committed_bytes() == 0U);
    expected_teardown_failures = 1;
    log::set_level(log::Level::warn);
}

// It would serve two: it is lost with its mapping, which report_teardown() tells.
BOOST_AUTO_TEST_CASE(what_a_failed_commit_cannot_unmap_goes_to_nobody) {
    log::set_level(log::Level::off);
    sim::SimDevice device(small());
    {
        ChunkPool own(device, 0);
        GrowableMapping made(own, 8 * MiB);
        device.fail(Verb::set_access, 1, cuda_error::unknown);
        device.fail(Verb::unmap, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(made.commit(2 * MiB), device_error);
        BOOST_TEST(device.calls(Verb::chunk_release) == 0U);
        BOOST_TEST(device.ledger().chunks == 1U);
    }
    BOOST_TEST(device.calls(Verb::chunk_release) == 0U);
    expected_teardown_failures = teardown_failures() - teardown_failures_before;
    BOOST_TEST(expected_teardown_failures >= 1U);
    log::set_level(log::Level::warn);
}

BOOST_AUTO_TEST_CASE(moving_hands_the_memory_over) {
    GrowableMapping first(chunks, 8 * MiB);
    first.commit(2 * MiB);
    std::byte* const at = first.data();
    GrowableMapping second(std::move(first));
    BOOST_TEST(second.data() == at);
    BOOST_TEST(first.data() == nullptr);
    BOOST_TEST(first.committed_bytes() == 0U);
    GrowableMapping third(chunks, 2 * MiB);
    third.commit(2 * MiB);
    third = std::move(second);
    BOOST_TEST(third.data() == at);
    BOOST_TEST(sim.ledger().reservations == 1U);
    first.release();
}

BOOST_AUTO_TEST_SUITE_END()
