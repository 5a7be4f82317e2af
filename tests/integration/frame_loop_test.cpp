// SPDX-License-Identifier: Apache-2.0
// A program as users write it: several threads compute, grow, download and read, for many frames.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <triune/triune.hpp>

#include "../unit/balanced_sim.hpp"

using namespace triune;

namespace {

bool all_are(const HostView<float>& view, float value) {
    return std::all_of(view.begin(), view.end(), [value](float each) { return each == value; });
}

// Writes frame after frame into its group while it grows; what it downloads must be one whole frame.
void simulate(GpuMemoryManager& manager, int worker, std::atomic<int>& wrong) {
    constexpr int frames = 40;
    const Stream stream(manager.device());
    BufferGroup<float> nodes(manager, "nodes." + std::to_string(worker), {"x", "y", "z"}, 200);
    std::uint64_t newest = 0;
    for (int frame = 1; frame <= frames; ++frame) {
        if (frame % 4 == 0) nodes.ensure_capacity(nodes.size() + 300, stream.handle());
        for (std::size_t i = 0; i < 3; ++i) nodes[i].fill(static_cast<float>(frame), stream.handle());
        nodes.start_async_download(stream.handle());
        // The next frame overwrites the arrays before this one's download need be done.
        for (std::size_t i = 0; i < 3; ++i) nodes[i].fill(-1.0F, stream.handle());
        if (frame % 3 == 0) {
            const auto seen = nodes.latest();
            if (seen.sequence() < newest) ++wrong;
            newest = std::max(newest, seen.sequence());
        }
        const auto view = nodes.wait_for_download();
        if (view.size() != nodes.size()) ++wrong;
        for (std::size_t i = 0; i < 3; ++i) wrong += all_are(view[i], static_cast<float>(frame)) ? 0 : 1;
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(frame_loop, BalancedSim)

BOOST_AUTO_TEST_CASE(every_download_is_one_whole_frame_while_threads_compute_grow_and_watch) {
    std::atomic<int> wrong{0};
    std::atomic<bool> done{false};
    {
        GpuMemoryManager manager(sim);
        std::vector<std::thread> workers;
        for (int worker = 0; worker < 3; ++worker) {
            workers.emplace_back([&, worker] { simulate(manager, worker, wrong); });
        }
        std::thread watcher([&] {
            while (!done) {
                const auto stats = manager.stats();
                if (stats.peak_allocated_bytes < stats.total_allocated_bytes) ++wrong;
                for (const auto& buffer : stats.buffer_stats) wrong += buffer.utilization > 1.0F ? 1 : 0;
            }
        });
        for (auto& worker : workers) worker.join();
        done = true;
        watcher.join();
        BOOST_TEST(manager.total_allocated_bytes() == 0U);
        BOOST_TEST(manager.stats().async_transfer_count == 120U);
    }
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_steady_loop_asks_the_device_for_no_memory) {
    GpuMemoryManager manager(sim);
    const Stream stream(sim);
    GraphArrays graph(manager, 1000, 3000);
    const auto frame = [&] {
        graph.pos_out_x.fill(1.0F, graph.stream().handle());
        graph.swap_buffers();
        static_cast<void>(graph.latest_positions());
        auto scratch = manager.make_buffer<float>("scratch", 5000);
        scratch.reset(stream.handle());
        graph.wait_for_downloads();
    };
    for (int i = 0; i < 5; ++i) frame();
    const auto chunks = sim.calls(Verb::chunk_create);
    const auto pinned = sim.calls(Verb::pinned_allocate);
    for (int i = 0; i < 50; ++i) frame();
    BOOST_TEST(sim.calls(Verb::chunk_create) == chunks);
    BOOST_TEST(sim.calls(Verb::pinned_allocate) == pinned);
}

BOOST_AUTO_TEST_SUITE_END()
