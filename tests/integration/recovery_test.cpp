// SPDX-License-Identifier: Apache-2.0
// Memory that runs out, exceptions in user code, several managers: programs go on.
#include <boost/test/unit_test.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <triune/triune.hpp>

#include "../contract/gate.hpp"
#include "../unit/balanced_sim.hpp"

using namespace triune;

namespace {

struct OnSmallDevice : BalancedSim {
    OnSmallDevice() : BalancedSim(small(64 * MiB)) {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(recovery, OnSmallDevice)

BOOST_AUTO_TEST_CASE(a_program_that_catches_out_of_memory_and_frees_something_goes_on) {
    GpuMemoryManager manager(sim);
    for (int round = 0; round < 5; ++round) {
        std::vector<Buffer<float>> buffers;
        const auto fill_up = [&] {
            for (;;) buffers.push_back(manager.make_buffer<float>("piece", 2 * MiB));
        };
        BOOST_CHECK_THROW(fill_up(), out_of_memory);
        BOOST_TEST(buffers.size() >= 6U);  // of 8 MiB each
        const auto total = manager.total_allocated_bytes();
        BOOST_TEST(total == buffers.size() * 8 * MiB);
        buffers.back().fill(3.0F);
        BOOST_CHECK_THROW(buffers.back().ensure_capacity(20 * MiB), out_of_memory);
        BOOST_TEST(buffers.back().download()[0] == 3.0F);
        BOOST_TEST(manager.total_allocated_bytes() == total);
        buffers.erase(buffers.begin(), buffers.begin() + 3);
        BOOST_TEST(manager.make_buffer<float>("again", 2 * MiB).size() == 2 * MiB);
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_exception_thrown_through_user_code_frees_everything_under_work_that_is_queued) {
    GpuMemoryManager manager(sim);
    const Stream stream(sim);
    std::optional<HostView<float>> kept;
    try {
        auto buffer = manager.make_buffer<float>("x", 1000, BufferConfig::for_positions());
        BufferGroup<float> group(manager, "g", {"x", "y"}, 1000);
        GraphArrays graph(manager, 100, 100);
        buffer.fill(5.0F, stream.handle());
        buffer.start_async_download(stream.handle());
        kept = buffer.wait_for_download();
        group[0].fill(1.0F, stream.handle());
        group.start_async_download(stream.handle());
        graph.start_positions_download();
        throw std::runtime_error("user code");
    } catch (const std::runtime_error&) {
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
    BOOST_TEST((*kept)[999] == 5.0F);
    BOOST_TEST(manager.allocate<float>("x", 1000).download()[0] == 0.0F);
}

BOOST_AUTO_TEST_CASE(two_managers_on_one_device_count_apart_and_copy_between_each_other) {
    GpuMemoryManager first(sim, 1 * MiB);
    GpuMemoryManager second(sim, 1 * MiB);
    const auto from = first.allocate<float>("x", 1000);
    const auto to = second.allocate<float>("x", 1000);
    from.fill(8.0F);
    to.copy_from(from);
    BOOST_TEST(to.download()[999] == 8.0F);
    BOOST_CHECK_THROW(first.allocate<float>("big", MiB), limit_exceeded);
    BOOST_TEST(second.total_allocated_bytes() == 4000U);
    first.free("x");
    BOOST_TEST(first.total_allocated_bytes() == 0U);
    BOOST_TEST(to.download()[0] == 8.0F);
    BOOST_CHECK_THROW(to.copy_from(from), stale_handle);
}

BOOST_AUTO_TEST_CASE(memory_that_one_manager_let_go_serves_the_other) {
    GpuMemoryManager first(sim);
    GpuMemoryManager second(sim);
    for (int round = 0; round < 4; ++round) {
        GpuMemoryManager& turn = round % 2 == 0 ? first : second;
        static_cast<void>(turn.allocate<float>("most", 12 * MiB));  // 48 of 64 MiB
        turn.free("most");
    }
}

BOOST_AUTO_TEST_SUITE_END()
