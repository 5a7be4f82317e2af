// SPDX-License-Identifier: Apache-2.0
// Typed buffers: handles, owners, and the bytes that go in and out.
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

#include <triune/base/log.hpp>

#include "../../contract/gate.hpp"
#include "../../written_log.hpp"
#include "on_manager.hpp"

using namespace triune;

namespace {

struct Particle {
    float x, y, z;
    bool operator==(const Particle&) const = default;
};
struct Wide {
    std::array<std::uint8_t, 37> bytes;
    bool operator==(const Wide&) const = default;
};

template <typename T>
void fills_with(GpuMemoryManager& manager, const T& value) {
    const auto buffer = manager.make_buffer<T>("filled", 77);
    buffer.fill(value);
    BOOST_TEST((buffer.download() == std::vector<T>(77, value)));
}

// Whether a thread of this process waits in the system.
bool asleep(pid_t thread) {
    std::string all;
    std::getline(std::ifstream("/proc/self/task/" + std::to_string(thread) + "/stat"), all);
    return all.find(") S ") != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(buffer, OnManager)

BOOST_AUTO_TEST_CASE(allocating_gives_exactly_so_many_zeroed_elements) {
    const auto made = manager.allocate<float>("positions", 1000);
    BOOST_TEST(made.size() == 1000U);
    BOOST_TEST(made.capacity() == 1000U);
    BOOST_TEST(made.capacity_bytes() == 4000U);
    BOOST_TEST(made.name() == "positions");
    BOOST_TEST((made.download() == std::vector<float>(1000, 0.0F)));
}

BOOST_AUTO_TEST_CASE(memory_that_was_used_before_comes_back_zeroed) {
    {
        const auto dirty = manager.make_buffer<std::uint8_t>("dirty", 10000);
        dirty.fill(std::uint8_t{0xEE});
    }
    BOOST_TEST((manager.make_buffer<std::uint8_t>("clean", 10000).download() == std::vector<std::uint8_t>(10000, 0)));
}

BOOST_AUTO_TEST_CASE(no_elements_allocate_nothing_yet) {
    const auto made = manager.allocate<float>("later", 0);
    BOOST_TEST(made.data() == nullptr);
    BOOST_TEST(made.empty());
    BOOST_TEST(!made.is_allocated());
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    made.ensure_capacity(1);
    BOOST_TEST(made.size() == 1U);
    BOOST_TEST(made.capacity_bytes() == 4 * KiB);  // min_size_bytes
    BOOST_TEST(made.data() != nullptr);
}

BOOST_AUTO_TEST_CASE(reserving_raises_the_capacity_alone_and_ensuring_raises_the_size_too) {
    const auto made = manager.allocate<float>("x", 100);
    made.reserve(101);
    BOOST_TEST(made.size() == 100U);
    BOOST_TEST(made.capacity() == 150U);
    made.ensure_capacity(120);
    BOOST_TEST(made.size() == 120U);
    BOOST_TEST(made.capacity() == 150U);
    made.ensure_capacity(10);  // never lowers
    BOOST_TEST(made.size() == 120U);
}

BOOST_AUTO_TEST_CASE(a_size_beyond_the_capacity_is_cut_to_it) {
    const auto made = manager.allocate<double>("x", 100);
    made.set_size(40);
    BOOST_TEST(made.size() == 40U);
    BOOST_TEST(made.stats().utilization == 0.4F);
    made.set_size(101);
    BOOST_TEST(made.size() == 100U);
    made.set_size(3);
    made.set_size(std::numeric_limits<std::size_t>::max());
    BOOST_TEST(made.size() == 100U);
}

BOOST_AUTO_TEST_CASE(what_is_uploaded_comes_back) {
    const auto made = manager.make_buffer<float>("x", 500);
    made.upload(ascending(500));
    BOOST_TEST((made.download() == ascending(500)));
    std::vector<float> part(10);
    made.download_at(100, part);
    BOOST_TEST(part[9] == 109.0F);
    made.upload_at(100, std::vector<float>{-1.0F, -2.0F});
    made.download_at(99, part);
    BOOST_TEST((part == std::vector<float>{99, -1, -2, 102, 103, 104, 105, 106, 107, 108}));
}

BOOST_AUTO_TEST_CASE(uploads_and_downloads_on_a_stream_happen_in_its_order) {
    const auto made = manager.make_buffer<float>("x", 500);
    const auto values = ascending(500);
    std::vector<float> before(500);
    std::vector<float> after(500);
    {
        const Held held(sim);  // nothing here waits
        made.fill(7.0F, stream.handle());
        made.download(before, stream.handle());
        made.upload(values, stream.handle());
        made.download(after, stream.handle());
    }
    stream.synchronize();
    BOOST_TEST((before == std::vector<float>(500, 7.0F)));
    BOOST_TEST((after == values));
}

BOOST_AUTO_TEST_CASE(a_call_without_a_stream_waits_for_the_work_of_all) {
    const auto made = manager.make_buffer<float>("x", 500);
    BOOST_TEST(sim.fill(made.data(), 0x40A00000, 4, 500, stream.handle()).ok());  // 5.0F
    BOOST_TEST((made.download() == std::vector<float>(500, 5.0F)));
}

BOOST_AUTO_TEST_CASE(a_length_that_differs_is_refused_with_both_figures) {
    const auto made = manager.make_buffer<float>("x", 500);
    std::vector<float> long_one(501);
    const std::string what = message_of<invalid_argument>([&] { made.upload(long_one); });
    BOOST_TEST(mentions(what, "'x'"));
    BOOST_TEST(mentions(what, "501"));
    BOOST_TEST(mentions(what, "500"));
    BOOST_CHECK_THROW(made.download(long_one), invalid_argument);
    BOOST_CHECK_THROW(made.upload_at(1, std::vector<float>(500)), invalid_argument);
    BOOST_CHECK_THROW(made.upload_at(501, {}), invalid_argument);
    BOOST_CHECK_THROW(made.upload_at(std::numeric_limits<std::size_t>::max() / 4, std::vector<float>(1)),
                      invalid_argument);
    BOOST_CHECK_THROW(made.upload_at(std::numeric_limits<std::size_t>::max(), std::vector<float>(1)), invalid_argument);
    BOOST_CHECK_NO_THROW(made.upload_at(500, {}));
    BOOST_TEST((made.download() == std::vector<float>(500, 0.0F)));
}

BOOST_AUTO_TEST_CASE(elements_of_any_width_can_be_filled_with) {
    fills_with<std::uint8_t>(manager, 0xAB);
    fills_with<std::uint16_t>(manager, 0x1234);
    fills_with<float>(manager, 1.5F);
    fills_with<double>(manager, 3.25);
    fills_with<Particle>(manager, {1, 2, 3});
    Wide wide{};
    for (std::size_t i = 0; i < wide.bytes.size(); ++i) wide.bytes[i] = static_cast<std::uint8_t>(i * 3);
    fills_with<Wide>(manager, wide);
    fills_with<double>(manager, 0.0);
}

BOOST_AUTO_TEST_CASE(filling_on_a_stream_waits_for_nothing_whatever_the_width) {
    const auto particles = manager.make_buffer<Particle>("p", 50);
    const auto doubles = manager.make_buffer<double>("d", 50);
    {
        const Held held(sim);
        particles.fill({1, 2, 3}, stream.handle());
        doubles.fill(1.25, stream.handle());
    }
    BOOST_TEST((particles.download().back() == Particle{1, 2, 3}));
    BOOST_TEST(doubles.download().back() == 1.25);
}

BOOST_AUTO_TEST_CASE(filling_reaches_the_size_and_not_the_rest_of_the_capacity) {
    const auto made = manager.make_buffer<float>("x", 10);
    made.set_size(6);
    made.fill(1.0F);
    made.set_size(10);
    BOOST_TEST((made.download() == std::vector<float>{1, 1, 1, 1, 1, 1, 0, 0, 0, 0}));
}

BOOST_AUTO_TEST_CASE(a_buffer_is_copied_from_another_of_its_size) {
    const auto from = manager.make_buffer_from("from", ascending(300));
    const auto to = manager.make_buffer<float>("to", 300);
    to.copy_from(from);
    BOOST_TEST((to.download() == ascending(300)));
    to.copy_from(to);
    from.fill(4.0F);
    to.copy_from(from, stream.handle());
    stream.synchronize();
    BOOST_TEST((to.download() == std::vector<float>(300, 4.0F)));
    const auto shorter = manager.make_buffer<float>("shorter", 299);
    const std::string what = message_of<invalid_argument>([&] { to.copy_from(shorter); });
    BOOST_TEST(mentions(what, "'shorter'"));
    BOOST_TEST(mentions(what, "'to'"));
}

BOOST_AUTO_TEST_CASE(shrinking_gives_back_what_is_not_in_use) {
    for (const BufferConfig& config : {BufferConfig{}, mapped()}) {
        const auto made = manager.make_buffer<float>("x", 0, config);
        made.ensure_capacity(1'000'000);
        made.upload(ascending(1'000'000));
        made.set_size(1000);
        const auto resizes = manager.stats().resize_count;
        made.shrink_to_fit();
        BOOST_TEST(made.capacity() == 1000U);
        BOOST_TEST((made.download() == ascending(1000)));
        BOOST_TEST(manager.total_allocated_bytes() == 4000U);
        BOOST_TEST(manager.stats().resize_count == resizes + 1);
        made.shrink_to_fit();  // nothing left to do
        BOOST_TEST(manager.stats().resize_count == resizes + 1);
        made.reserve(2000);
        made.set_size(2000);
        BOOST_TEST(made.download().back() == 0.0F);
    }
}

BOOST_AUTO_TEST_CASE(shrinking_to_nothing_frees_the_memory_and_the_buffer_grows_again) {
    const auto made = manager.allocate<float>("x", 1000);
    made.set_size(0);
    made.shrink_to_fit();
    BOOST_TEST(made.data() == nullptr);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    made.ensure_capacity(10);
    BOOST_TEST((made.download() == std::vector<float>(10, 0.0F)));
}

BOOST_AUTO_TEST_CASE(a_handle_that_outlives_its_buffer_is_stale) {
    const auto made = manager.allocate<float>("x", 100, with_downloads());
    const auto copy = made;
    manager.free("x");
    std::vector<float> values(100);
    BOOST_TEST(!copy.valid());
    BOOST_CHECK_THROW(made.data(), stale_handle);
    BOOST_CHECK_THROW(made.size(), stale_handle);
    BOOST_CHECK_THROW(made.capacity(), stale_handle);
    BOOST_CHECK_THROW(made.stats(), stale_handle);
    BOOST_CHECK_THROW(made.reserve(1), stale_handle);
    BOOST_CHECK_THROW(made.ensure_capacity(1000), stale_handle);
    BOOST_CHECK_THROW(made.set_size(1), stale_handle);
    BOOST_CHECK_THROW(made.shrink_to_fit(), stale_handle);
    BOOST_CHECK_THROW(made.upload(values), stale_handle);
    BOOST_CHECK_THROW(made.download(values), stale_handle);
    BOOST_CHECK_THROW(made.fill(1.0F), stale_handle);
    BOOST_CHECK_THROW(made.copy_from(copy), stale_handle);
    BOOST_CHECK_THROW(made.start_async_download(stream.handle()), stale_handle);
    BOOST_CHECK_THROW(made.wait_for_download(), stale_handle);
    BOOST_CHECK_THROW(made.latest(), stale_handle);
    BOOST_TEST(mentions(message_of<stale_handle>([&] { made.data(); }), "'x'"));
    const auto again = manager.allocate<float>("x", 5);
    BOOST_CHECK_THROW(made.size(), stale_handle);  // the name lives again, the handle does not
}

BOOST_AUTO_TEST_CASE(a_handle_to_no_buffer_answers_nothing_and_refuses_work) {
    const BufferHandle<float> none;
    BOOST_TEST(none.data() == nullptr);
    BOOST_TEST(none.size() == 0U);
    BOOST_TEST(none.capacity_bytes() == 0U);
    BOOST_TEST(none.empty());
    BOOST_TEST(none.name().empty());
    BOOST_TEST(!none.valid());
    BOOST_CHECK_THROW(none.reserve(1), invalid_argument);
    BOOST_CHECK_THROW(none.fill(1.0F), invalid_argument);
    BOOST_CHECK_THROW(none.upload(std::vector<float>{}), invalid_argument);
    BOOST_CHECK_THROW(none.shrink_to_fit(), invalid_argument);
    BOOST_CHECK_THROW(none.set_size(1), invalid_argument);
    BOOST_CHECK_THROW(none.wait_for_download(), invalid_argument);
    BOOST_CHECK_THROW(none.copy_from(none), invalid_argument);
}

BOOST_AUTO_TEST_CASE(an_owner_frees_at_the_end_of_its_scope_and_hands_over_when_moved) {
    BufferHandle<float> handle;
    {
        auto first = manager.make_buffer<float>("x", 100);
        handle = first;
        Buffer<float> second = std::move(first);
        BOOST_TEST(first.size() == 0U);
        BOOST_CHECK_THROW(first.reserve(1), invalid_argument);
        BOOST_TEST(handle.valid());
        auto third = manager.make_buffer<float>("y", 10);
        third = std::move(second);
        BOOST_TEST(manager.stats().buffer_count == 1U);
        BOOST_TEST(third.name() == "x");
        Buffer<float>& same = third;
        third = std::move(same);
        BOOST_TEST(third.valid());
    }
    BOOST_TEST(!handle.valid());
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(resetting_twice_frees_once) {
    auto made = manager.make_buffer<float>("x", 100);
    made.reset();
    made.reset();
    made.reset(stream.handle());
    BOOST_TEST(manager.stats().buffer_count == 0U);
}

BOOST_AUTO_TEST_CASE(memory_reset_on_a_stream_serves_that_stream_again_at_once) {
    auto first = manager.make_buffer<float>("x", 8 * MiB / 4);
    float* const at = first.data();
    const Held held(sim);
    first.reset(stream.handle());
    const auto second = manager.allocate<float>("y", 0);
    second.reserve(8 * MiB / 4, stream.handle());
    BOOST_TEST(second.data() == at);
}

BOOST_AUTO_TEST_CASE(a_freed_buffers_memory_is_not_reused_under_work_that_is_queued) {
    auto first = manager.make_buffer<float>("x", 8 * MiB / 4);
    std::vector<float> seen(8 * MiB / 4);
    first.fill(1.0F);
    {
        contract::Gate gate(sim, stream.handle());
        BOOST_TEST(sim.copy(seen.data(), first.data(), 8 * MiB, stream.handle()).ok());
        first.reset();
        const Stream other(sim);
        const auto second = manager.allocate<float>("y", 0);
        second.ensure_capacity(8 * MiB / 4, other.handle());
        second.fill(2.0F, other.handle());
        other.synchronize();
    }
    stream.synchronize();
    BOOST_TEST((seen == std::vector<float>(8 * MiB / 4, 1.0F)));
}

BOOST_AUTO_TEST_CASE(counts_that_cannot_be_bytes_are_refused) {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    BOOST_CHECK_THROW(manager.allocate<double>("x", most / 4), invalid_argument);
    BOOST_TEST(!manager.contains("x"));
    const auto made = manager.allocate<double>("x", 1);
    BOOST_CHECK_THROW(made.ensure_capacity(most), invalid_argument);
    BOOST_CHECK_THROW(made.reserve(most / 8 + 1), invalid_argument);
    BOOST_TEST(made.capacity() == 1U);
}

// Both wait for the call that holds it.
BOOST_AUTO_TEST_CASE(a_buffer_that_two_threads_free_is_freed_once) {
    const auto buffer = manager.allocate<float>("x", 1000);
    BufferState& state = buffer.state();
    const WrittenLog log;
    log::set_level(log::Level::debug);
    std::array<std::thread, 2> threads;
    std::array<std::atomic<pid_t>, 2> ids{};
    {
        const std::lock_guard in_a_call(state);
        for (std::size_t i = 0; i < 2; ++i) {
            threads[i] = std::thread([&, i] {
                ids[i] = gettid();
                state.free(StreamOrder::after_all());
            });
        }
        // Until both have seen that it is alive.
        for (const std::atomic<pid_t>& id : ids) {
            while (id == 0 || !asleep(id)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    for (std::thread& each : threads) each.join();
    BOOST_TEST(!buffer.valid());
    BOOST_TEST(manager.stats().buffer_count == 0U);
    BOOST_TEST(manager.stats().free_count == 1U);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    const std::string told = log.text();
    const std::size_t first = told.find("freed 4000 bytes: ");
    BOOST_TEST(first != std::string::npos);
    BOOST_TEST(told.find("freed ", first + 1) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
