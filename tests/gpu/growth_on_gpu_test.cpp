// SPDX-License-Identifier: Apache-2.0
// Growth by mapping, under a kernel that works on the buffer.
#include "../not_instrumented.hpp"
#include "on_gpu.hpp"

#include <limits>
#include <vector>

#include <triune/base/units.hpp>
#include <triune/manage/manager.hpp>

using namespace triune;
using namespace triune::gpu;

BOOST_FIXTURE_TEST_SUITE(growth_on_gpu, OnGpu)

BOOST_AUTO_TEST_CASE(a_buffer_grows_in_place_while_a_kernel_reads_and_writes_what_it_has,
                     *not_instrumented("the tool waits at each launch")) {
    if (!device.properties().virtual_memory) return;
    constexpr std::size_t count = std::size_t{1} << 20;
    constexpr std::size_t grown = std::size_t{64} << 20;
    GpuMemoryManager manager(device);
    BufferConfig config;
    config.stable_address = true;
    config.max_size_bytes = 2 * GiB;
    const auto buffer = manager.allocate<Word>("x", count, config);
    Word* const address = buffer.data();
    launch_number(stream.handle(), address, count);
    stream.synchronize();

    const SharedWord passes(device);
    {
        KernelGate gate(device);
        launch_increment_while_shut(stream.handle(), gate.address(), address, count, passes.address());
        buffer.ensure_capacity(grown, other.handle());
        other.synchronize();
        BOOST_TEST(busy(stream));
        BOOST_TEST(buffer.data() == address);
        gate.open();
    }
    BOOST_TEST(passes.value() > 0U);
    const std::vector<Word> values = buffer.download();
    BOOST_TEST_REQUIRE(values.size() == grown);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < count; ++i) wrong += values[i] != static_cast<Word>(i) + passes.value() ? 1U : 0U;
    BOOST_TEST(wrong == 0U);
    BOOST_TEST(differing(address + count, grown - count, 0) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
