// SPDX-License-Identifier: Apache-2.0
// What a manager's books promise: no drift, true peaks, records that fit their buffers, nothing dead is ever touched.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "on_manager.hpp"

using namespace triune;

namespace {

// The only record.
AllocationRecord record_of(const GpuMemoryManager& manager) {
    const auto records = manager.check_leaks(RecordFilter::all);
    BOOST_REQUIRE(records.size() == 1U);
    return records.front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(accounting)

BOOST_FIXTURE_TEST_CASE(a_records_bytes_are_its_buffers_capacity_after_every_step, OnManager) {
    const auto made = manager.allocate<float>("x", 100);
    BOOST_TEST(record_of(manager).bytes == made.capacity_bytes());
    BOOST_TEST(record_of(manager).resizes == 0U);
    made.ensure_capacity(1000);
    BOOST_TEST(record_of(manager).bytes == made.capacity_bytes());
    BOOST_CHECK_THROW(made.ensure_capacity(GiB), max_size_exceeded);
    for (const Verb verb : {Verb::copy_on_device, Verb::fill}) {
        sim.fail(verb, 1, cuda_error::unknown);
        BOOST_CHECK_THROW(made.ensure_capacity(100000), device_error);
        sim.clear_failures();
        BOOST_TEST(record_of(manager).bytes == made.capacity_bytes());
    }
    BOOST_TEST(made.capacity_bytes() == 4000U);
    made.set_size(10);
    made.shrink_to_fit();
    BOOST_TEST(record_of(manager).bytes == 40U);
    BOOST_TEST(record_of(manager).bytes == made.capacity_bytes());
    BOOST_TEST(record_of(manager).peak_bytes == 4000U);
    BOOST_TEST(record_of(manager).resizes == 2U);
    BOOST_TEST(manager.stats().peak_allocated_bytes == 4000U);
}

BOOST_FIXTURE_TEST_CASE(a_group_that_cannot_grow_leaves_its_records, OnManager) {
    BufferGroup<float> group(manager, "nodes", {"x", "y", "z"}, 100);
    sim.fail(Verb::fill, 3, cuda_error::unknown);
    BOOST_CHECK_THROW(group.ensure_capacity(1000), device_error);
    sim.clear_failures();
    for (const auto& record : manager.check_leaks(RecordFilter::all)) BOOST_TEST(record.bytes == 400U);
    BOOST_TEST(manager.total_allocated_bytes() == 1200U);
    BOOST_TEST(manager.stats().peak_allocated_bytes == 1200U);
}

BOOST_FIXTURE_TEST_CASE(the_peak_can_be_taken_from_now_on, OnManager) {
    static_cast<void>(manager.allocate<float>("x", 1000));
    manager.free("x");
    manager.reset_peak();
    BOOST_TEST(manager.stats().peak_allocated_bytes == 0U);
    static_cast<void>(manager.allocate<float>("y", 10));
    BOOST_TEST(manager.stats().peak_allocated_bytes == 40U);
}

BOOST_AUTO_TEST_CASE(a_stale_handle_and_a_record_may_go_after_the_manager) {
    OnManager on;
    std::optional<GpuMemoryManager> brief(std::in_place, on.sim);
    const auto handle = brief->allocate<float>("x", 10);
    const auto records = brief->check_leaks();
    brief.reset();
    BOOST_TEST(handle.name() == "x");
    BOOST_CHECK_THROW(handle.stats(), stale_handle);
    BOOST_TEST(records.front().bytes == 40U);
}

// The core goes with the last buffer that outlives its manager, not with the last handle to it.
BOOST_AUTO_TEST_CASE(an_owner_that_outlives_the_manager_keeps_the_core_until_it_frees) {
    OnManager on;
    std::optional<GpuMemoryManager> brief(std::in_place, on.sim);
    auto first = brief->make_buffer<float>("x", 10);
    auto second = brief->make_buffer<float>("x", 10);
    const BufferHandle<float> handle = second;
    const std::weak_ptr<ManagerCore> core = brief->core();
    brief.reset();
    first.reset();
    BOOST_TEST(!core.expired());
    second.ensure_capacity(100);
    second.reset();
    BOOST_TEST(core.expired());
    BOOST_TEST(!handle.valid());
    BOOST_CHECK_THROW(handle.ensure_capacity(1), stale_handle);
    BOOST_CHECK_THROW(handle.shrink_to_fit(), stale_handle);
    BOOST_CHECK_THROW(static_cast<void>(handle.download()), stale_handle);
}

// A record holds words, no memory: what is freed is freed while lists of it are still read.
BOOST_FIXTURE_TEST_CASE(a_record_keeps_no_memory_of_the_device, OnManager) {
    auto owner = manager.make_buffer<float>("x", 1000, mapped());
    const auto records = manager.check_leaks();
    owner.reset();
    manager.trim();
    BOOST_TEST(manager.core()->resources->pool.statistics().live_bytes == 0U);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(records.front().name() == "x");
}

BOOST_FIXTURE_TEST_CASE(leaks_are_reported_with_their_stacks_where_these_were_asked_for, OnManager) {
    const Quiet quiet;
    manager.set_stack_traces(true);
    static_cast<void>(manager.allocate<float>("x", 10));
    BOOST_TEST((manager.report_leaks() == std::vector<std::string>{"x"}));
    BOOST_TEST(manager.check_leaks().front().stack() != nullptr);
}

// Four threads make, grow, shrink, download and free buffers of their own, named and unnamed; some growths fail at the
// limit. A fifth looks on.
BOOST_AUTO_TEST_CASE(totals_never_drift_whatever_threads_do) {
    constexpr std::size_t limit = 400000;
    OnManager on(limit);
    GpuMemoryManager& manager = on.manager;
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::atomic<std::size_t> max_seen{0};
    std::thread reader([&] {
        while (!done) {
            const Statistics stats = manager.stats();
            if (stats.total_allocated_bytes > limit || stats.peak_allocated_bytes > limit) ++wrong;
            if (stats.peak_allocated_bytes < stats.total_allocated_bytes) ++wrong;
            max_seen = std::max<std::size_t>(max_seen, stats.total_allocated_bytes);
            for (const auto& buffer : stats.buffer_stats) wrong += buffer.utilization > 1.0F ? 1 : 0;
            for (const auto& record : manager.check_leaks()) wrong += record.name().empty() ? 1 : 0;
        }
    });
    std::vector<std::thread> threads;
    std::vector<std::size_t> left(4);
    std::vector<std::vector<Buffer<float>>> kept(4);
    for (unsigned i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            const Stream own(on.sim);
            std::mt19937 random(i);
            std::vector<Buffer<float>>& owned = kept[i];
            for (int step = 0; step < 300; ++step) {
                const std::string name = std::to_string(i) + "." + std::to_string(random() % 4);
                const std::size_t count = random() % 8000;
                try {
                    switch (random() % 6) {
                        case 0:
                            owned.push_back(manager.make_buffer<float>(name, count));
                            break;
                        case 1:
                            owned.push_back(manager.make_buffer<float>(count));
                            break;
                        case 2:
                            if (!owned.empty()) owned[random() % owned.size()].ensure_capacity(count, own.handle());
                            break;
                        case 3:
                            if (owned.empty()) break;
                            owned.back().set_size(count / 8);
                            owned.back().shrink_to_fit();
                            break;
                        case 4:
                            if (!owned.empty()) owned.pop_back();
                            break;
                        default:
                            if (!manager.contains(name))
                                static_cast<void>(manager.allocate<float>(name, count));
                            else
                                manager.free(name, own.handle());
                    }
                } catch (const limit_exceeded&) {  // tried, and nothing has changed
                }
            }
            for (const auto& buffer : owned) left[i] += buffer.capacity_bytes();
            for (int n = 0; n < 4; ++n) {
                const std::string name = std::to_string(i) + "." + std::to_string(n);
                if (manager.contains(name)) left[i] += manager.get_buffer<float>(name).capacity_bytes();
            }
        });
    }
    for (auto& thread : threads) thread.join();
    done = true;
    reader.join();
    BOOST_TEST(wrong == 0);
    std::size_t expected = 0;
    for (const std::size_t bytes : left) expected += bytes;
    std::size_t recorded = 0;
    for (const auto& record : manager.check_leaks(RecordFilter::all)) recorded += record.bytes;
    BOOST_TEST(manager.total_allocated_bytes() == expected);
    BOOST_TEST(recorded == expected);
    BOOST_TEST(manager.core()->memory.total() == expected);
    BOOST_TEST(manager.stats().peak_allocated_bytes >= max_seen);
    kept.clear();
    while (!manager.check_leaks().empty()) manager.free(manager.check_leaks().front().name());
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST(manager.core()->memory.total() == 0U);
}

BOOST_FIXTURE_TEST_CASE(lists_are_read_while_other_threads_free_what_is_on_them, OnManager) {
    std::atomic<bool> done{false};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        while (!done) {
            for (const auto& record : manager.check_leaks()) wrong += record.type_name() == "float" ? 0 : 1;
            for (const auto& buffer : manager.buffer_stats()) wrong += buffer.name == "x" ? 0 : 1;
        }
    });
    for (int turn = 0; turn < 200; ++turn) {
        const auto first = manager.make_buffer<float>("x", 1);
        const auto second = manager.allocate<float>("x", 1);
        manager.free("x");
    }
    done = true;
    reader.join();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
