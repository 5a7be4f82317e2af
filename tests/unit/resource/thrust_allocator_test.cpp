// SPDX-License-Identifier: Apache-2.0
// Thrust's containers in the manager's memory: on Thrust's host back end, because the host may touch the simulated
// device's.
#define THRUST_DEVICE_SYSTEM THRUST_DEVICE_SYSTEM_CPP
#include <boost/test/unit_test.hpp>

#include <thrust/device_vector.h>
#include <thrust/host_vector.h>
#include <thrust/reduce.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>
#include <thrust/system/cpp/execution_policy.h>

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include <triune/resource/bad_allocation.hpp>
#include <triune/resource/thrust_allocator.hpp>
#include <triune/resource/thrust_temporaries.hpp>

#include <triune/device/devices.hpp>
#include <triune/manage/default_manager.hpp>

#include "../manage/on_manager.hpp"

using namespace triune;

namespace {

template <typename T>
using Vector = thrust::device_vector<T, ThrustAllocator<T>>;

struct OnThrust : OnManager {
    explicit OnThrust(std::size_t limit_bytes = GpuMemoryManager::default_limit_bytes)
        : OnManager(limit_bytes), allocator(manager, "particles") {}

    ThrustAllocator<int> allocator;
};

struct OnTightThrust : OnThrust {
    OnTightThrust() : OnThrust(1000) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(thrust_allocator)

BOOST_FIXTURE_TEST_CASE(a_device_vector_lives_in_the_managers_memory, OnThrust) {
    {
        Vector<int> values(1000, 0, allocator);
        BOOST_TEST(manager.total_allocated_bytes() == 4000U);
        BOOST_TEST(manager.check_leaks(RecordFilter::all)[0].name() == "particles");
        thrust::sequence(values.begin(), values.end());
        thrust::sort(values.begin(), values.end(), std::greater<int>());
        BOOST_TEST(values[0] == 999);
        BOOST_TEST(thrust::reduce(values.begin(), values.end()) == 499'500);
        values.resize(3000, 1);
        BOOST_TEST(values[999] == 0);
        BOOST_TEST(values[2999] == 1);
        const thrust::host_vector<int> host(values.begin(), values.end());
        BOOST_TEST(host[1] == 998);
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(vectors_of_other_elements_share_the_account, OnThrust) {
    const Vector<double> doubles(10, 1.0, allocator);
    const Vector<char> chars(3, 'c', ThrustAllocator<char>(allocator));
    BOOST_TEST(allocator.account().drawn_bytes() == 83U);
    BOOST_TEST((ThrustAllocator<double>(allocator) == allocator));
    BOOST_TEST((ThrustAllocator<int>(manager) != allocator));
}

BOOST_FIXTURE_TEST_CASE(a_vector_that_is_moved_takes_its_account_along, OnThrust) {
    const ThrustAllocator<int> other(manager, "others");
    Vector<int> target(10, 1, other);
    Vector<int> source(100, 2, allocator);
    target = std::move(source);
    BOOST_TEST(target[99] == 2);
    BOOST_TEST(other.account().drawn_bytes() == 0U);
    Vector<int> swapped(10, 3, other);
    swapped.swap(target);
    BOOST_TEST(swapped.size() == 100U);
    target = Vector<int>(other);
    BOOST_TEST(other.account().drawn_bytes() == 0U);
    BOOST_TEST(allocator.account().drawn_bytes() == 400U);
}

BOOST_FIXTURE_TEST_CASE(a_copied_vector_keeps_the_account_that_it_had, OnThrust) {
    const ThrustAllocator<int> other(manager, "others");
    const Vector<int> source(100, 2, allocator);
    Vector<int> target(other);
    target = source;
    BOOST_TEST(other.account().drawn_bytes() == 400U);
    const Vector<int> made(source);
    BOOST_TEST(allocator.account().drawn_bytes() == 800U);
}

BOOST_FIXTURE_TEST_CASE(a_vector_past_the_limit_gets_a_bad_alloc_and_keeps_its_values, OnTightThrust) {
    Vector<int> values(200, 5, allocator);
    BOOST_CHECK_THROW(values.resize(100'000), std::bad_alloc);
    BOOST_TEST(values.size() == 200U);
    BOOST_TEST(values[199] == 5);
    BOOST_TEST(manager.total_allocated_bytes() == 800U);
    BOOST_CHECK_THROW(static_cast<void>(allocator.allocate(std::numeric_limits<std::size_t>::max() / 2)),
                      bad_allocation);
    BOOST_TEST((allocator.allocate(0) == nullptr));
}

BOOST_FIXTURE_TEST_CASE(temporaries_of_an_algorithm_come_from_the_pool, OnThrust) {
    Vector<int> values(1000, 0, allocator);
    thrust::sequence(values.begin(), values.end());
    ThrustTemporaries temporaries(manager, stream.handle());
    const std::size_t before = manager.stats().allocation_count;
    thrust::stable_sort(thrust::cpp::par(temporaries), values.begin(), values.end(), std::greater<int>());
    BOOST_TEST(values[0] == 999);
    BOOST_TEST(manager.stats().allocation_count > before);
    BOOST_TEST(temporaries.account().drawn_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_vector_outlives_its_manager, BalancedSim) {
    std::optional<GpuMemoryManager> manager(std::in_place, sim);
    Vector<int> values(10, 1, ThrustAllocator<int>(*manager));
    manager.reset();
    values.resize(10'000, 2);
    BOOST_TEST(thrust::reduce(values.begin(), values.end()) == 19'990);
}

BOOST_AUTO_TEST_CASE(without_an_allocator_the_default_manager_serves) {
    if (!current_device().properties().host_addressable) return;  // a GPU's memory is not for Thrust's host back end
    const std::size_t before = default_manager().total_allocated_bytes();
    {
        Vector<int> first(100, 1);
        const Vector<int> second(10, 2);
        BOOST_TEST(default_manager().total_allocated_bytes() - before == 440U);
        BOOST_TEST((first.get_allocator() == second.get_allocator()));
        first = second;
        BOOST_TEST(first[9] == 2);
    }
    BOOST_TEST(default_manager().total_allocated_bytes() == before);
}

BOOST_AUTO_TEST_SUITE_END()
