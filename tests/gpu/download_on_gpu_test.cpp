// SPDX-License-Identifier: Apache-2.0
// A download and the kernels that come after it.
#include "../not_instrumented.hpp"
#include "on_gpu.hpp"

#include <algorithm>

#include <triune/base/units.hpp>
#include <triune/manage/manager.hpp>

using namespace triune;
using namespace triune::gpu;

BOOST_FIXTURE_TEST_SUITE(download_on_gpu, OnGpu)

BOOST_AUTO_TEST_CASE(a_staged_download_delivers_what_stood_there_although_a_later_kernel_overwrites_it,
                     *not_instrumented("the tool waits at each launch")) {
    constexpr std::size_t count = 512 * MiB / sizeof(Word);
    GpuMemoryManager manager(device);
    BufferConfig config;
    config.enable_async = true;
    const auto buffer = manager.allocate<Word>("x", count, config);
    buffer.start_async_download(stream.handle());  // pins the slots
    static_cast<void>(buffer.wait_for_download());
    buffer.start_async_download(stream.handle());
    static_cast<void>(buffer.wait_for_download());

    launch_fill(stream.handle(), buffer.data(), count, 1);
    buffer.start_async_download(stream.handle());
    launch_fill(stream.handle(), buffer.data(), count, 2);
    stream.synchronize();
    BOOST_TEST(
        buffer.download_pending());  // half a gigabyte crosses the link for ten times as long as both kernels run
    const HostView<Word> delivered = buffer.wait_for_download();
    BOOST_TEST_REQUIRE(delivered.size() == count);
    BOOST_TEST(std::ranges::count(delivered, Word{1}) == static_cast<std::ptrdiff_t>(count));
    BOOST_TEST(differing(buffer.data(), count, 2) == 0U);
}

BOOST_AUTO_TEST_CASE(a_kernel_that_does_not_end_holds_up_no_other_streams_download,
                     *not_instrumented("the tool waits at each launch")) {
    constexpr std::size_t count = 16 * MiB / sizeof(Word);
    GpuMemoryManager manager(device);
    BufferConfig config;
    config.enable_async = true;
    const auto stuck = manager.allocate<Word>("stuck", count, config);
    const auto buffer = manager.allocate<Word>("x", count, config);
    for (const auto* each : {&stuck, &buffer}) {  // pins their slots, which would wait for the gate
        each->start_async_download(stream.handle());
        static_cast<void>(each->wait_for_download());
    }
    launch_fill(other.handle(), buffer.data(), count, 1);
    {
        KernelGate kernel(device);
        launch_gate(stream.handle(), kernel.address());
        stuck.start_async_download(stream.handle(), DownloadMode::direct);
        buffer.start_async_download(other.handle());
        const HostView<Word> delivered = buffer.wait_for_download();
        BOOST_TEST(std::ranges::count(delivered, Word{1}) == static_cast<std::ptrdiff_t>(count));
        BOOST_TEST(stuck.download_pending());
        kernel.open();
    }
    BOOST_TEST(stuck.wait_for_download().size() == count);
}

BOOST_AUTO_TEST_CASE(without_a_stream_it_delivers_what_any_stream_wrote_and_its_start_does_not_wait,
                     *not_instrumented("the tool waits at each launch")) {
    constexpr std::size_t count = 16 * MiB / sizeof(Word);
    GpuMemoryManager manager(device);
    BufferConfig config;
    config.enable_async = true;
    const auto buffer = manager.allocate<Word>("x", count, config);
    for (int i = 0; i < 2; ++i) {  // pins the slots
        manager.start_async_download<Word>("x");
        static_cast<void>(buffer.wait_for_download());
    }
    {
        KernelGate before(device);
        launch_gate(other.handle(), before.address());
        launch_fill(other.handle(), buffer.data(), count, 1);
        manager.start_async_download<Word>("x");  // a start that waited would hang
        launch_fill(nullptr, buffer.data(), count, 2);
        BOOST_TEST(buffer.download_pending());
        before.open();
    }
    const HostView<Word> delivered = buffer.wait_for_download();
    BOOST_TEST_REQUIRE(delivered.size() == count);
    BOOST_TEST(std::ranges::count(delivered, Word{1}) == static_cast<std::ptrdiff_t>(count));
    check(device.stream_synchronize(nullptr), "waiting for the later kernel");
    BOOST_TEST(differing(buffer.data(), count, 2) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
