// SPDX-License-Identifier: Apache-2.0
// Two GPUs in one process, each with its threads, and threads whose current device is the other one. Where there is one
// GPU, the cases say so.
#include <cuda_runtime_api.h>

#include <array>
#include <thread>
#include <vector>

#include "writers.hpp"

using namespace triune;
using namespace triune::gpu;

namespace {

struct OnTwoGpus {
    OnTwoGpus() {
        int count = 0;
        BOOST_TEST_REQUIRE(cudaGetDeviceCount(&count) == cudaSuccess);
        there = count > 1;
        if (!there) BOOST_TEST_MESSAGE("skipped: there is one GPU");
        for (int each = there ? 1 : -1; each >= 0; --each) {
            BOOST_TEST_REQUIRE(cudaSetDevice(each) == cudaSuccess);
            load_kernels();
        }
    }
    ~OnTwoGpus() { BOOST_TEST(cudaSetDevice(0) == cudaSuccess); }

    bool there = false;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(two_gpus, OnTwoGpus)

BOOST_AUTO_TEST_CASE(both_serve_their_threads_at_once) {
    if (!there) return;
    std::array<Outcome, 2> outcomes;
    std::vector<std::thread> sides;
    for (int each = 0; each < 2; ++each) {
        sides.emplace_back([&, each] {
            const auto choose = [each] { check({cudaSetDevice(each), "cudaSetDevice"}, "choosing a GPU"); };
            choose();
            outcomes[static_cast<std::size_t>(each)] = write_for(device_at(each), time_asked(), 4, choose);
        });
    }
    for (std::thread& each : sides) each.join();
    for (const Outcome& each : outcomes) each.expect_good();
}

BOOST_AUTO_TEST_CASE(a_buffer_is_used_by_threads_whose_current_device_is_the_other_one) {
    if (!there) return;
    for (int home = 0; home < 2; ++home) {
        Device& device = device_at(home);
        GpuMemoryManager manager(device);
        const Stream stream(device);
        BOOST_TEST_REQUIRE(cudaSetDevice(1 - home) == cudaSuccess);
        BufferConfig config = GpuMemoryManager::unbounded();
        config.enable_async = true;
        auto buffer = manager.make_buffer<Word>("away", 1000, config, stream.handle());
        std::vector<Word> values(1000, 7);
        buffer.upload(std::span(std::as_const(values)), stream.handle());
        buffer.ensure_capacity(std::size_t{4} << 20, stream.handle());
        buffer.start_async_download(stream.handle());
        const auto view = buffer.wait_for_download();
        BOOST_TEST(view.size() == std::size_t{4} << 20);
        BOOST_TEST(view[999] == 7U);
        BOOST_TEST(view[1000] == 0U);
        cudaPointerAttributes told{};
        BOOST_TEST(cudaPointerGetAttributes(&told, buffer.data()) == cudaSuccess);
        BOOST_TEST(told.device == home);
        buffer.reset(stream.handle());
        manager.trim();
        int current = -1;
        BOOST_TEST(cudaGetDevice(&current) == cudaSuccess);
        BOOST_TEST(current == 1 - home);
    }
}

BOOST_AUTO_TEST_CASE(each_refuses_streams_of_the_other_and_keeps_all_it_has) {
    if (!there) return;
    for (int home = 0; home < 2; ++home) {
        GpuMemoryManager manager(device_at(home));
        const Stream of_other(device_at(1 - home));
        auto buffer = manager.make_buffer<Word>("kept", 100);
        for (const std::size_t count : {std::size_t{1}, std::size_t{1} << 22}) {
            BOOST_CHECK_THROW(manager.make_buffer<Word>("refused", count, GpuMemoryManager::unbounded(), of_other.handle()),
                              invalid_argument);
            BOOST_CHECK_THROW(buffer.ensure_capacity(1000 + count, of_other.handle()), invalid_argument);
        }
        BOOST_TEST(buffer.size() == 100U);
        BOOST_TEST(manager.total_allocated_bytes() == 400U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
