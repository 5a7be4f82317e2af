// SPDX-License-Identifier: Apache-2.0
// Misuse of the simulated device: answered with an error, recorded, and nothing broken.
#include <boost/test/unit_test.hpp>

#include <triune/base/units.hpp>

#include "on_sim.hpp"

using triune::MiB;
using triune::sim::OnSim;
using triune::sim::SimDevice;
namespace cuda_error = triune::cuda_error;

namespace {
constexpr std::size_t granule = 2 * MiB;
}

BOOST_FIXTURE_TEST_SUITE(sim_misuse, OnSim)

BOOST_AUTO_TEST_CASE(a_dead_stream_is_no_resource) {
    const auto dead = stream();
    BOOST_TEST(device.stream_destroy(dead).ok());
    bool idle = false;
    std::uint64_t id = 0;
    BOOST_TEST(device.stream_destroy(dead).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(device.stream_synchronize(dead).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(device.stream_query(dead, idle).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(device.stream_id(dead, id).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(device.fill(allocate(8), 0, 1, 8, dead).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(device.misuse().size() == 5U);
    BOOST_TEST(reported("fill"));
}

// What was queued before runs on.
BOOST_AUTO_TEST_CASE(a_dead_stream_with_work_takes_no_more) {
    auto* const memory = static_cast<char*>(allocate(8));
    const auto dead = stream();
    device.hold_streams();
    BOOST_TEST(device.fill(memory, 1, 1, 8, dead).ok());
    BOOST_TEST(device.stream_destroy(dead).ok());
    BOOST_TEST(device.fill(memory, 2, 1, 8, dead).cuda_error == cuda_error::invalid_resource_handle);
    device.release_streams();
    BOOST_TEST(device.synchronize().ok());
    BOOST_TEST(memory[0] == 1);
    BOOST_TEST(reported("fill"));
}

BOOST_AUTO_TEST_CASE(an_event_is_no_stream_and_the_default_stream_is_not_destroyed) {
    triune::EventHandle event = nullptr;
    BOOST_TEST(device.event_create(event).ok());
    BOOST_TEST(device.stream_synchronize(event).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(device.stream_destroy(nullptr).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(device.event_destroy(event).ok());
    BOOST_TEST(device.event_destroy(event).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(device.event_record(event, nullptr).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(reported("event_record"));
}

BOOST_AUTO_TEST_CASE(another_devices_handles_are_unknown) {
    SimDevice other;
    const auto made = chunk(granule);
    BOOST_TEST(other.stream_synchronize(stream()).cuda_error == cuda_error::invalid_resource_handle);
    BOOST_TEST(other.chunk_release(made).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(other.misuse().size() == 2U);
}

BOOST_AUTO_TEST_CASE(memory_is_released_once_and_from_its_start) {
    char* const memory = static_cast<char*>(allocate(1000));
    BOOST_TEST(device.memory_release(memory + 256).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.pinned_release(memory).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.memory_release(memory).ok());
    BOOST_TEST(device.memory_release(memory).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(reported("memory_release"));
}

BOOST_AUTO_TEST_CASE(a_reservation_with_mappings_is_not_released) {
    void* const base = reserve(2 * granule);
    map_fresh(base, granule);
    BOOST_TEST(device.address_release(base, 2 * granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(reported("mappings still in it"));
    BOOST_TEST(device.ledger().reservations == 1U);
    *static_cast<char*>(base) = 1;  // still mapped
    BOOST_TEST(device.unmap(base, granule).ok());
    BOOST_TEST(device.address_release(base, granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.address_release(base, 2 * granule).ok());
}

BOOST_AUTO_TEST_CASE(a_mapping_goes_only_where_room_is_reserved) {
    char* const base = static_cast<char*>(reserve(2 * granule));
    const auto first = map_fresh(base, granule);
    const auto second = chunk(granule);
    BOOST_TEST(device.map(base, second, granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.map(base + 2 * granule, second, granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.map(base + 4096, second, granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.map(base + granule, second, 2 * granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.ledger().mappings == 1U);
    BOOST_TEST(device.chunk_release(first).ok());
    BOOST_TEST(device.map(base + granule, first, granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.map(base + granule, second, granule).ok());
}

BOOST_AUTO_TEST_CASE(access_and_unmapping_take_whole_mappings) {
    char* const base = static_cast<char*>(reserve(4 * granule));
    map_fresh(base, 2 * granule);
    BOOST_TEST(device.unmap(base, granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.unmap(base + granule, granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.unmap(base, 3 * granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.set_access(base + 2 * granule, granule).cuda_error == cuda_error::invalid_value);
    BOOST_TEST(device.misuse().size() == 4U);
    BOOST_TEST(device.unmap(base, 2 * granule).ok());
}

BOOST_AUTO_TEST_CASE(a_host_function_may_not_call_the_device) {
    struct Call {
        SimDevice* device;
        int error;
    } call{&device, 0};
    const auto query = [](void* argument) {
        auto& own = *static_cast<Call*>(argument);
        triune::DeviceMemoryInfo info;
        own.error = own.device->memory_info(info).cuda_error;
    };
    BOOST_TEST(device.stream_call(nullptr, query, &call).ok());
    BOOST_TEST(device.synchronize().ok());
    BOOST_TEST(call.error == 800);
    BOOST_TEST(reported("called by a host function"));
}

BOOST_AUTO_TEST_SUITE_END()
