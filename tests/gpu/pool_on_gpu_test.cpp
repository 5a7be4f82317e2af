// SPDX-License-Identifier: Apache-2.0
// Freed memory and kernels that still use it.
#include "../not_instrumented.hpp"
#include "on_gpu.hpp"

#include <cuda_runtime_api.h>

#include <array>

#include <triune/alloc/pool.hpp>
#include <triune/base/error.hpp>

using namespace triune;
using namespace triune::gpu;

namespace {

// Blocks of many chunks' size, written by kernels to the last word.
struct OnPool : OnGpu {
    static constexpr std::size_t bytes = 32 * MiB;
    static constexpr std::size_t words = bytes / sizeof(Word);

    ChunkPool chunks{device};
    Pool pool{chunks};

    Block acquire(const Stream& on) { return pool.allocate(bytes, on.handle()); }
    void free(Block block, const Stream& on) { pool.deallocate(block, StreamOrder::on(on.handle())); }
    static Word* data(Block block) { return static_cast<Word*>(block.data); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pool_on_gpu, OnPool)

BOOST_AUTO_TEST_CASE(memory_freed_on_a_stream_goes_to_no_other_while_a_kernel_there_still_runs,
                     *not_instrumented("the tool waits at each launch")) {
    const Block first = acquire(stream);
    Block second;
    {
        KernelGate gate(device);
        launch_gated_fill(stream.handle(), gate.address(), data(first), words, 1);
        free(first, stream);
        second = acquire(other);
        launch_fill(other.handle(), data(second), words, 2);
        other.synchronize();
        BOOST_TEST(busy(stream));
        gate.open();
    }
    BOOST_TEST(differing(data(second), words, 2) == 0U);
    free(second, other);
}

// A graph may run again when what was allocated meanwhile, or zeroed with it, is somebody else's.
BOOST_AUTO_TEST_CASE(a_stream_whose_work_is_captured_gets_no_memory) {
    const auto captured = static_cast<cudaStream_t>(stream.handle());
    const auto order = StreamOrder::on(stream.handle());
    for (int i = 0; i < 3; ++i) pool.deallocate(pool.allocate_zeroed(4 * KiB, stream.handle()), order);
    const PoolStatistics before = pool.statistics();
    BOOST_TEST_REQUIRE(cudaStreamBeginCapture(captured, cudaStreamCaptureModeRelaxed) == cudaSuccess);
    BOOST_CHECK_THROW(pool.allocate(4 * KiB, stream.handle()), device_error);
    BOOST_CHECK_THROW(pool.allocate_zeroed(4 * KiB, stream.handle()), device_error);
    cudaGraph_t graph = nullptr;
    const cudaError_t ended = cudaStreamEndCapture(captured, &graph);
    if (ended == cudaSuccess) BOOST_TEST(cudaGraphDestroy(graph) == cudaSuccess);
    static_cast<void>(cudaGetLastError());
    BOOST_TEST(pool.statistics().live_blocks == before.live_blocks);
    pool.deallocate(pool.allocate_zeroed(4 * KiB, stream.handle()), order);
}

BOOST_AUTO_TEST_CASE(memory_freed_without_a_stream_waits_for_the_kernels_of_all,
                     *not_instrumented("the tool waits at each launch")) {
    if (!device.properties().device_events) return;  // then the pool waits at once, and the gate never opens
    const Block first = acquire(stream);
    std::array<Block, 3> later{};
    const std::array<const Stream*, 3> streams{&stream, &other, &third};
    {
        KernelGate gate(device);
        launch_gated_fill(other.handle(), gate.address(), data(first), words, 1);
        pool.deallocate(first, StreamOrder::after_all());
        for (std::size_t i = 0; i < later.size(); ++i) {
            later[i] = acquire(*streams[i]);
            if (streams[i] == &other) continue;  // what is queued there runs behind the gate in any case
            launch_fill(streams[i]->handle(), data(later[i]), words, 2);
            streams[i]->synchronize();
        }
        BOOST_TEST(busy(other));
        gate.open();
    }
    BOOST_TEST(differing(data(later[0]), words, 2) == 0U);
    BOOST_TEST(differing(data(later[2]), words, 2) == 0U);
    for (std::size_t i = 0; i < later.size(); ++i) {
        BOOST_TEST(later[i].data != first.data);
        free(later[i], *streams[i]);
    }
}

BOOST_AUTO_TEST_CASE(memory_reused_at_once_on_its_stream_is_used_in_that_order,
                     *not_instrumented("the tool waits at each launch")) {
    const SharedWord seen_by_first_user(device);
    const Block first = acquire(stream);
    Block second;
    {
        KernelGate gate(device);
        launch_gated_fill(stream.handle(), gate.address(), data(first), words, 1);
        launch_count_differing(stream.handle(), data(first), words, 1, seen_by_first_user.address());
        free(first, stream);
        second = acquire(stream);
        BOOST_TEST(second.data == first.data);
        launch_fill(stream.handle(), data(second), words, 2);
        BOOST_TEST(busy(stream));
        gate.open();
    }
    BOOST_TEST(seen_by_first_user.value() == 0U);
    BOOST_TEST(differing(data(second), words, 2) == 0U);
    free(second, stream);
}

BOOST_AUTO_TEST_SUITE_END()
