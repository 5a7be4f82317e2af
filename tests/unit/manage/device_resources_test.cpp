// SPDX-License-Identifier: Apache-2.0
// What the managers of one device share, and how long it lives.
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>

#include "on_manager.hpp"

using namespace triune;

BOOST_FIXTURE_TEST_SUITE(device_resources, BalancedSim)

BOOST_AUTO_TEST_CASE(managers_of_one_device_share_its_memory_and_go_one_by_one) {
    std::optional<GpuMemoryManager> first(std::in_place, sim);
    GpuMemoryManager second(sim);
    BOOST_TEST(first->core()->resources.get() == second.core()->resources.get());
    const auto kept = second.allocate<float>("x", 1000);
    static_cast<void>(first->allocate<float>("x", 10));
    BOOST_TEST(first->total_allocated_bytes() == 40U);
    first.reset();
    BOOST_TEST(kept.size() == 1000U);
}

BOOST_AUTO_TEST_CASE(when_the_last_manager_goes_the_device_gets_everything_back) {
    {
        GpuMemoryManager manager(sim);
        const Stream stream(sim);
        static_cast<void>(manager.allocate<float>("x", 1000, with_downloads()));
        static_cast<void>(manager.allocate<float>("y", 1000, mapped()));
        manager.start_async_download<float>("x", stream.handle());
        BOOST_TEST(!sim.ledger().balanced());
    }
    BOOST_TEST(sim.ledger().balanced(), sim.ledger().describe());
    GpuMemoryManager again(sim);
    BOOST_TEST(again.allocate<float>("x", 10).size() == 10U);
}

BOOST_AUTO_TEST_CASE(resources_that_cannot_be_made_leave_nothing) {
    for (const Verb verb : {Verb::stream_create, Verb::event_create}) {
        for (std::uint64_t nth = 1; nth <= 2; ++nth) {
            sim.fail(verb, nth, cuda_error::unknown);
            try {
                const GpuMemoryManager manager(sim);
            } catch (const device_error&) {
                BOOST_TEST(sim.ledger().balanced());
            }
            sim.clear_failures();
        }
    }
}

BOOST_AUTO_TEST_CASE(trimming_gives_back_what_no_buffer_holds) {
    GpuMemoryManager manager(sim);
    manager.make_buffer<float>("x", 1 * MiB).reset();
    manager.make_buffer<float>("y", 1 * MiB, mapped()).reset();
    manager.trim();
    BOOST_TEST(sim.ledger().chunk_bytes == 0U);
    BOOST_TEST(sim.ledger().pinned_bytes == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
