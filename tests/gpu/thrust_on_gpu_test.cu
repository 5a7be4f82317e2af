// SPDX-License-Identifier: Apache-2.0
// Thrust on the GPU, in the manager's memory. docs/adaptors.md shows parts of it.
#include "on_gpu.hpp"

#include <thrust/device_vector.h>
#include <thrust/functional.h>
#include <thrust/reduce.h>
#include <thrust/sequence.h>
#include <thrust/sort.h>
#include <thrust/system/cuda/execution_policy.h>

#include <vector>

#include <triune/resource/thrust_allocator.hpp>
#include <triune/resource/thrust_temporaries.hpp>

using namespace triune;
using namespace triune::gpu;

BOOST_FIXTURE_TEST_SUITE(thrust_on_gpu, OnGpu)

BOOST_AUTO_TEST_CASE(a_device_vector_lives_in_the_managers_memory) {
    GpuMemoryManager manager(device);
    constexpr int count = 1'000'000;
    {
        const triune::ThrustAllocator<int> allocator(manager, "keys");
        thrust::device_vector<int, triune::ThrustAllocator<int>> keys(count, 0, allocator);
        BOOST_TEST(manager.total_allocated_bytes() == count * sizeof(int));
        thrust::sequence(keys.begin(), keys.end());
        thrust::sort(keys.begin(), keys.end(), thrust::greater<int>());
        BOOST_TEST(keys[0] == count - 1);
        BOOST_TEST(thrust::reduce(keys.begin(), keys.end(), 0LL) == (count - 1LL) * count / 2);
        keys.resize(2 * count, 1);
        BOOST_TEST(keys[count - 1] == 0);
        BOOST_TEST(keys[2 * count - 1] == 1);
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(an_algorithm_takes_its_temporary_memory_on_its_stream) {
    GpuMemoryManager manager(device);
    constexpr std::size_t count = 1'000'000;
    const auto buffer = manager.allocate<Word>("keys", count);
    launch_number(stream.handle(), buffer.data(), count);
    Word* const keys = buffer.data();
    const StreamHandle handle = stream.handle();

    triune::ThrustTemporaries temporaries(manager, handle);
    const auto policy = thrust::cuda::par_nosync(temporaries).on(static_cast<cudaStream_t>(handle));
    thrust::sort(policy, keys, keys + count, thrust::greater<Word>());
    thrust::sort(policy, keys, keys + count);  // in the memory of the first, while that may still run

    const std::size_t drawn = manager.stats().allocation_count;
    BOOST_TEST(drawn > 1U);
    BOOST_TEST(temporaries.account().drawn_bytes() == 0U);
    const std::vector<Word> sorted = buffer.download();
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < count; ++i) wrong += sorted[i] != i ? 1U : 0U;
    BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
