// SPDX-License-Identifier: Apache-2.0
// Containers of the standard library in pinned memory.
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/resource/bad_allocation.hpp>
#include <triune/resource/pinned_resource.hpp>

#include "../../written_log.hpp"
#include "../manage/on_manager.hpp"

using namespace triune;

namespace {

struct OnPinned : OnManager {
    explicit OnPinned(sim::SimOptions options = small())
        : OnManager(GpuMemoryManager::default_limit_bytes, options), resource(std::in_place, manager) {}

    std::size_t pinned_bytes() { return sim.ledger().pinned_bytes; }
    PinnedPool& pool() { return manager.core()->resources->pinned; }

    std::optional<PinnedResource> resource;
};

struct OnPinnedWithoutDeviceEvents : OnPinned {
    static sim::SimOptions options() {
        auto plain = small();
        plain.device_events = false;
        return plain;
    }
    OnPinnedWithoutDeviceEvents() : OnPinned(options()) {}
};

// Queued work begins when somebody waits for it and not before.
struct OnPinnedAndLate : OnPinned {
    static sim::SimOptions options() {
        auto late = small();
        late.lateness_seconds = 3600;
        return late;
    }
    OnPinnedAndLate() : OnPinned(options()) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pinned_resource)

BOOST_FIXTURE_TEST_CASE(a_vector_in_pinned_memory_crosses_the_link_without_being_waited_for, OnPinned) {
    const auto buffer = manager.make_buffer_from("x", ascending(1000));
    std::pmr::vector<float> values(1000, &*resource);
    BOOST_TEST(pinned_bytes() >= 4000U);
    {
        const Held held(sim);
        buffer.download(values, stream.handle());
        BOOST_TEST(values[999] == 0.0F);
    }
    stream.synchronize();
    BOOST_TEST(values[999] == 999.0F);
    values.push_back(1);
    BOOST_TEST(values[998] == 998.0F);
}

BOOST_FIXTURE_TEST_CASE(a_map_of_many_nodes_draws_through_a_pool_of_the_standard_library, OnPinned) {
    PinnedResource& pinned = *resource;
    std::pmr::unsynchronized_pool_resource nodes(&pinned);
    std::pmr::unordered_map<int, std::pmr::string> names(&nodes);
    for (int i = 0; i < 500; ++i)
        names.emplace(i, "a name that is too long to lie within the string " + std::to_string(i));
    BOOST_TEST(names.at(321).ends_with(" 321"));
    BOOST_TEST(resource->drawn_bytes() > 0U);
    BOOST_TEST(pool().pin_count() < 50U);
}

BOOST_FIXTURE_TEST_CASE(a_steady_program_pins_nothing, OnPinned) {
    const auto frame = [&] { std::pmr::vector<double>(10'000, &*resource).push_back(1); };
    frame();
    const std::size_t pinned = pool().pin_count();
    for (int i = 0; i < 10; ++i) {
        BOOST_TEST(sim.synchronize().ok());
        frame();
    }
    BOOST_TEST(pool().pin_count() == pinned);
}

BOOST_FIXTURE_TEST_CASE(host_memory_counts_in_no_managers_totals, OnPinned) {
    const std::pmr::vector<float> values(1000, &*resource);
    BOOST_TEST(resource->drawn_bytes() == 4000U);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.check_leaks(RecordFilter::all).empty());
}

BOOST_FIXTURE_TEST_CASE(memory_given_back_serves_only_after_the_work_queued_by_then, OnPinned) {
    const auto buffer = manager.make_buffer_from("x", ascending(1000));
    void* first = nullptr;
    {
        const Held held(sim);
        {
            std::pmr::vector<float> values(1000, &*resource);
            first = values.data();
            buffer.download(values, stream.handle());
        }
        std::pmr::vector<float> meanwhile(1000, 5.0F, &*resource);
        BOOST_TEST(meanwhile.data() != first);
        sim.release_streams();
        stream.synchronize();
        BOOST_TEST(meanwhile[1] == 5.0F);
        sim.hold_streams();
    }
    BOOST_TEST(sim.synchronize().ok());
    const std::pmr::vector<float> later(1000, &*resource);
    BOOST_TEST(later.data() == first);
}

BOOST_FIXTURE_TEST_CASE(a_device_that_cannot_say_what_is_queued_is_waited_for, OnPinnedWithoutDeviceEvents) {
    const auto buffer = manager.make_buffer_from("x", ascending(1000));
    const void* first = nullptr;
    {
        std::pmr::vector<float> values(1000, &*resource);
        first = values.data();
        buffer.download(values, stream.handle());
    }
    BOOST_TEST(stream.query());
    const std::pmr::vector<float> later(1000, &*resource);
    BOOST_TEST(later.data() == first);
}

BOOST_FIXTURE_TEST_CASE(memory_whose_last_use_cannot_be_ordered_just_now_comes_back, BalancedSim) {
    sim::SimDevice device(small());
    GpuMemoryManager manager(device);
    {
        PinnedResource resource(manager);
        void* const first = resource.allocate(1000);
        device.fail(Verb::event_record_device, 1, cuda_error::stream_capture_unsupported);
        resource.deallocate(first, 1000);
        BOOST_TEST(resource.drawn_bytes() == 0U);
        void* const other = resource.allocate(1000);
        BOOST_TEST(other != first);
        resource.deallocate(other, 1000);
        BOOST_TEST(device.synchronize().ok());
        void* const third = resource.allocate(1000);
        BOOST_TEST((third == first || third == other));
        resource.deallocate(third, 1000);
    }
    manager.trim();
    BOOST_TEST(device.ledger().pinned_allocations == 0U);
}

BOOST_FIXTURE_TEST_CASE(addresses_are_aligned_as_asked_and_pieces_lie_apart, OnPinned) {
    std::vector<unsigned char*> pieces;
    for (std::size_t alignment = 1; alignment <= 64 * KiB; alignment *= 2) {
        void* const address = resource->allocate(700, alignment);
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(address) % alignment == 0U);
        std::memset(address, static_cast<int>(pieces.size()), 700);
        pieces.push_back(static_cast<unsigned char*>(address));
    }
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        BOOST_TEST(pieces[i][0] == i);
        BOOST_TEST(pieces[i][699] == i);
        resource->deallocate(pieces[i], 700, std::size_t{1} << i);
    }
    BOOST_TEST(resource->drawn_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(no_bytes_have_an_address_of_their_own, OnPinned) {
    void* const first = resource->allocate(0);
    void* const second = resource->allocate(0);
    BOOST_TEST(first != nullptr);
    BOOST_TEST(first != second);
    resource->deallocate(first, 0);
    resource->deallocate(second, 0);
}

BOOST_FIXTURE_TEST_CASE(bad_requests_are_refused_and_leave_the_resource_as_it_was, OnPinned) {
    // Unknown to the compilers, which warn.
    const volatile std::size_t none = 0;
    const volatile std::size_t no_power = 24;
    const volatile std::size_t most = std::numeric_limits<std::size_t>::max();
    BOOST_CHECK_THROW(static_cast<void>(resource->allocate(8, none)), invalid_argument);
    BOOST_CHECK_THROW(static_cast<void>(resource->allocate(8, no_power)), invalid_argument);
    BOOST_CHECK_THROW(static_cast<void>(resource->allocate(most)), bad_allocation);
    BOOST_CHECK_THROW(static_cast<void>(resource->allocate(most - 10, 4096)), std::bad_alloc);
    sim.fail(Verb::pinned_allocate, 1, cuda_error::out_of_memory);
    try {
        std::pmr::vector<float> values(1000, &*resource);
        BOOST_FAIL("memory was had where there was none");
    } catch (const std::bad_alloc& failure) {
        BOOST_TEST(mentions(failure.what(), "4096 bytes"), failure.what());
    }
    for (const Verb verb : {Verb::pinned_allocate, Verb::event_create}) {
        PinnedResource fresh(manager);
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(static_cast<void>(fresh.allocate(1000)), device_error);
        BOOST_TEST(fresh.drawn_bytes() == 0U);
    }
    BOOST_TEST(resource->drawn_bytes() == 0U);
    BOOST_TEST(pinned_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_host_that_has_none_left_gets_what_waits_for_the_device, OnPinnedAndLate) {
    const auto buffer = manager.make_buffer<int>("x", 1);
    void* const first = resource->allocate(100'000);
    BOOST_TEST(sim.fill(buffer.data(), 0, 1, 4, stream.handle()).ok());
    resource->deallocate(first, 100'000);
    void* const meanwhile = resource->allocate(100'000);
    BOOST_TEST(meanwhile != first);
    sim.fail(Verb::pinned_allocate, 1, cuda_error::out_of_memory);
    void* const second = resource->allocate(100'000);
    BOOST_TEST(second == first);
    resource->deallocate(second, 100'000);
    resource->deallocate(meanwhile, 100'000);
}

BOOST_FIXTURE_TEST_CASE(it_outlives_its_manager_and_gives_all_back, BalancedSim) {
    std::optional<GpuMemoryManager> manager(std::in_place, sim);
    PinnedResource resource(*manager);
    std::pmr::vector<int> values(10, 3, &resource);
    manager.reset();
    values.resize(100'000, 4);
    BOOST_TEST(values.front() + values.back() == 7);
}

BOOST_FIXTURE_TEST_CASE(what_is_still_out_when_it_goes_is_given_back_with_a_warning, OnPinned) {
    const WrittenLog log;
    static_cast<void>(resource->allocate(100));
    resource.reset();
    BOOST_TEST(mentions(log.text(), "100 bytes in 1 pieces"), log.text());
    manager.trim();
    BOOST_TEST(pinned_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(what_is_not_out_is_reported_and_left_alone, OnPinned) {
    const Quiet quiet;
    void* const address = resource->allocate(100);
    resource->deallocate(static_cast<std::byte*>(address) + 1, 99);
    BOOST_TEST(resource->drawn_bytes() == 100U);
    resource->deallocate(address, 100);
    resource->deallocate(address, 100);
    expected_teardown_failures = 2;
}

BOOST_FIXTURE_TEST_CASE(it_is_equal_to_itself_alone_and_serves_all_threads, OnPinned) {
    const PinnedResource other(manager);
    BOOST_TEST(resource->is_equal(*resource));
    BOOST_TEST(!resource->is_equal(other));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this] {
            for (std::size_t n = 1; n <= 50; ++n) resource->deallocate(resource->allocate(n * 1000), n * 1000);
        });
    }
    for (auto& thread : threads) thread.join();
    BOOST_TEST(resource->drawn_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_manager_it_is_the_current_devices) {
    PinnedResource resource;
    const std::pmr::vector<int> values(100, 7, &resource);
    BOOST_TEST(values.back() == 7);
}

BOOST_AUTO_TEST_SUITE_END()
