// SPDX-License-Identifier: Apache-2.0
// The manager of code that makes none of its own. On the process's simulated device.
#include <boost/test/unit_test.hpp>

#include <vector>

#include <triune/device/devices.hpp>
#include <triune/manage/default_buffers.hpp>

#include "on_manager.hpp"

using namespace triune;

BOOST_AUTO_TEST_SUITE(default_manager)

BOOST_AUTO_TEST_CASE(it_is_always_the_same_one_of_the_current_device) {
    GpuMemoryManager& first = triune::default_manager();
    BOOST_TEST(&first == &triune::default_manager());
    BOOST_TEST(&first.device() == &current_device());
    BOOST_TEST(first.limit_bytes() == 6 * GiB);
}

BOOST_AUTO_TEST_CASE(buffers_that_name_no_manager_are_its_own_and_unnamed) {
    GpuMemoryManager& manager = triune::default_manager();
    const auto before = manager.stats();
    {
        const auto zeroed = Buffer<float>::zeroed(10);
        const auto filled = Buffer<int>::filled(10, 7);
        const auto copied = Buffer<float>::from_host(ascending(10));
        BOOST_TEST((zeroed.download() == std::vector<float>(10, 0.0F)));
        BOOST_TEST((filled.download() == std::vector<int>(10, 7)));
        BOOST_TEST((copied.download() == ascending(10)));
        BOOST_TEST(Buffer<int>::filled(0, 7).empty());
        BOOST_TEST(manager.total_allocated_bytes() == before.total_allocated_bytes + 120);
        BOOST_TEST(manager.check_leaks().empty());
    }
    BOOST_TEST(manager.total_allocated_bytes() == before.total_allocated_bytes);
    BOOST_TEST(manager.stats().allocation_count == before.allocation_count + 3);
}

BOOST_AUTO_TEST_CASE(a_manager_of_ones_own_counts_apart) {
    const GpuMemoryManager& shared = triune::default_manager();
    const auto before = shared.total_allocated_bytes();
    GpuMemoryManager own = GpuMemoryManager::with_limit(1000);
    BOOST_TEST(own.limit_bytes() == 1000U);
    static_cast<void>(own.allocate<float>("x", 250));
    BOOST_CHECK_THROW(own.allocate<float>("y", 1), limit_exceeded);
    BOOST_TEST(shared.total_allocated_bytes() == before);
}

BOOST_AUTO_TEST_SUITE_END()
