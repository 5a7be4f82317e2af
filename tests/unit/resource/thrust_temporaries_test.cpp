// SPDX-License-Identifier: Apache-2.0
// Temporary memory in the order of the stream that an algorithm runs on.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <optional>

#include <triune/resource/bad_allocation.hpp>
#include <triune/resource/thrust_temporaries.hpp>

#include "../manage/on_manager.hpp"

using namespace triune;

namespace {

struct OnTemporaries : OnManager {
    OnTemporaries() : temporaries(manager, stream.handle()) {}

    ThrustTemporaries temporaries;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(thrust_temporaries)

BOOST_FIXTURE_TEST_CASE(the_next_algorithm_on_the_stream_has_the_same_memory_at_once, OnTemporaries) {
    constexpr std::size_t bytes = 40 * MiB;
    char* const first = temporaries.allocate(bytes);
    const Held held(sim);
    BOOST_TEST(sim.fill(first, 7, 1, bytes, stream.handle()).ok());
    temporaries.deallocate(first, bytes);
    char* const second = temporaries.allocate(bytes);
    BOOST_TEST(static_cast<void*>(second) == static_cast<void*>(first));
    temporaries.deallocate(second, bytes);
}

BOOST_FIXTURE_TEST_CASE(another_streams_algorithm_has_other_memory_meanwhile, OnTemporaries) {
    constexpr std::size_t bytes = 40 * MiB;
    const Stream other(sim);
    ThrustTemporaries others(temporaries.account(), other.handle());
    BOOST_TEST((others != temporaries));
    char* const first = temporaries.allocate(bytes);
    const Held held(sim);
    BOOST_TEST(sim.fill(first, 7, 1, bytes, stream.handle()).ok());
    temporaries.deallocate(first, bytes);
    char* const second = others.allocate(bytes);
    BOOST_TEST(static_cast<void*>(second) != static_cast<void*>(first));
    others.deallocate(second, bytes);
}

BOOST_FIXTURE_TEST_CASE(temporaries_are_in_the_books_and_aligned_as_device_memory_is, OnTemporaries) {
    char* const address = temporaries.allocate(100);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(address) % block_alignment == 0U);
    BOOST_TEST(manager.total_allocated_bytes() == 100U);
    const auto records = manager.check_leaks(RecordFilter::all);
    BOOST_TEST_REQUIRE(records.size() == 1U);
    BOOST_TEST(records[0].name() == "Thrust temporaries");
    temporaries.deallocate(address, 100);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_destroyed_stream_gets_none, OnManager) {
    const Quiet quiet;
    std::optional<Stream> gone(std::in_place, sim);
    ThrustTemporaries temporaries(manager, gone->handle());
    gone.reset();
    BOOST_CHECK_THROW(static_cast<void>(temporaries.allocate(100)), invalid_argument);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    expected_misuse = sim.misuse().size();
}

BOOST_AUTO_TEST_CASE(without_a_manager_the_default_one_serves) {
    const Stream stream;
    ThrustTemporaries temporaries(stream.handle());
    char* const address = temporaries.allocate(100);
    BOOST_TEST(address != nullptr);
    temporaries.deallocate(address, 100);
}

BOOST_AUTO_TEST_SUITE_END()
