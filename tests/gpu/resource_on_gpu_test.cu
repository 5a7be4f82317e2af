// SPDX-License-Identifier: Apache-2.0
// The pool through CCCL's references, under kernels.
#ifndef LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE
#define LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE  // CCCL 3.0 and 3.1 keep cuda::mr behind it
#endif

#include "../not_instrumented.hpp"
#include "on_gpu.hpp"

#include <triune/base/units.hpp>
#include <triune/resource/pool_resource.hpp>

#if CCCL_VERSION >= 3002000
#include <cub/device/device_reduce.cuh>
#include <cuda/buffer>
#include <cuda/std/execution>
#endif

using namespace triune;
using namespace triune::gpu;

namespace {

constexpr std::size_t bytes = 32 * MiB;
constexpr std::size_t words = bytes / sizeof(Word);

struct OnResource : OnGpu {
    GpuMemoryManager manager{device};
    PoolResource resource{manager};
#if CCCL_VERSION < 3001000
    ::cuda::mr::async_resource_ref<::cuda::mr::device_accessible> ref{resource};
    Word* take(const Stream& on) {
        return static_cast<Word*>(ref.allocate_async(bytes, 256, static_cast<cudaStream_t>(on.handle())));
    }
    void give_back(Word* data, const Stream& on) {
        ref.deallocate_async(data, bytes, 256, static_cast<cudaStream_t>(on.handle()));
    }
#else
    ::cuda::mr::resource_ref<::cuda::mr::device_accessible> ref{resource};
    Word* take(const Stream& on) {
        return static_cast<Word*>(ref.allocate(::cuda::stream_ref(static_cast<cudaStream_t>(on.handle())), bytes, 256));
    }
    void give_back(Word* data, const Stream& on) {
        ref.deallocate(::cuda::stream_ref(static_cast<cudaStream_t>(on.handle())), data, bytes, 256);
    }
#endif
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(resource_on_gpu, OnResource)

BOOST_AUTO_TEST_CASE(memory_given_back_on_a_stream_keeps_to_it_while_a_kernel_there_still_runs,
                     *not_instrumented("the tool waits at each launch")) {
    Word* const first = take(stream);
    Word* second = nullptr;
    Word* again = nullptr;
    {
        KernelGate gate(device);
        launch_gated_fill(stream.handle(), gate.address(), first, words, 1);
        give_back(first, stream);
        second = take(other);
        launch_fill(other.handle(), second, words, 2);
        other.synchronize();
        again = take(stream);
        BOOST_TEST(again == first);
        launch_fill(stream.handle(), again, words, 3);
        BOOST_TEST(busy(stream));
        gate.open();
    }
    BOOST_TEST(differing(second, words, 2) == 0U);
    BOOST_TEST(differing(again, words, 3) == 0U);
    BOOST_TEST(manager.total_allocated_bytes() == 2 * bytes);
    give_back(second, other);
    give_back(again, stream);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

// What of CCCL takes a resource came with 3.2; the toolkit of CUDA 13.0 has none of it yet. Compiled by nvcc 13.0
// against CCCL 3.2.0 and 3.4.2.
#if CCCL_VERSION >= 3002000
BOOST_AUTO_TEST_CASE(a_container_and_an_algorithm_of_cccl_draw_from_the_manager) {
    const ::cuda::stream_ref on(static_cast<cudaStream_t>(stream.handle()));
    {
        auto values = ::cuda::make_buffer<Word>(on, resource, words, ::cuda::no_init);
        auto sum = ::cuda::make_buffer<Word>(on, resource, 1, ::cuda::no_init);
        BOOST_TEST(manager.total_allocated_bytes() == bytes + sizeof(Word));
        launch_fill(stream.handle(), values.data(), words, 3);
        const std::size_t before = manager.stats().allocation_count;
        const ::cuda::std::execution::env environment{on, resource};
        const auto status = cub::DeviceReduce::Sum(values.data(), sum.data(), words, environment);
        BOOST_TEST(static_cast<int>(status) == 0);
        BOOST_TEST(manager.stats().allocation_count > before);
        BOOST_TEST(differing(sum.data(), 1, static_cast<Word>(3 * words)) == 0U);
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
