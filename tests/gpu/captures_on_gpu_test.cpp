// SPDX-License-Identifier: Apache-2.0
// Graphs captured while other threads use the library, by a program that says so: TRIUNE_GRAPH_CAPTURE=1.
#include <cuda_runtime_api.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "writers.hpp"

using namespace triune;
using namespace triune::gpu;

namespace {

// Captures, runs and drops graphs of its own, in each of the three modes, until it is told to end.
class Capturer {
  public:
    explicit Capturer(Device& device) : device_(device), notes_(device) {
        void* memory = nullptr;
        check(device.memory_allocate(memory, count * sizeof(Word)), "memory of the graphs");
        data_ = static_cast<Word*>(memory);
    }
    Capturer(const Capturer&) = delete;
    Capturer& operator=(const Capturer&) = delete;
    ~Capturer() { static_cast<void>(device_.memory_release(data_)); }

    void run(const std::atomic<bool>& enough) {
        const auto raw = static_cast<cudaStream_t>(stream_.handle());
        for (Word value = 1; !enough; ++value) {
            const cudaStreamCaptureMode modes[] = {cudaStreamCaptureModeGlobal, cudaStreamCaptureModeThreadLocal,
                                                   cudaStreamCaptureModeRelaxed};
            cudaGraph_t graph = nullptr;
            cudaGraphExec_t runnable = nullptr;
            note(cudaStreamBeginCapture(raw, modes[value % 3]));
            launch_slow_fill(stream_.handle(), data_, count, value, 1);
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            launch_expect(stream_.handle(), data_, count, value, notes_.address());
            note(cudaStreamEndCapture(raw, &graph));
            if (failure_ != cudaSuccess) return;
            note(cudaGraphInstantiate(&runnable, graph, 0));
            note(cudaGraphLaunch(runnable, raw));
            stream_.synchronize();
            note(cudaGraphExecDestroy(runnable));
            note(cudaGraphDestroy(graph));
            ++captured_;
        }
    }
    cudaError_t failure() const noexcept { return failure_; }
    std::size_t captured() const noexcept { return captured_; }
    const Finding& found() const { return notes_.found(); }

  private:
    static constexpr std::size_t count = 1 << 16;

    void note(cudaError_t result) {
        if (failure_ == cudaSuccess) failure_ = result;
    }

    Device& device_;
    Stream stream_{device_};
    Notes notes_;
    Word* data_ = nullptr;
    cudaError_t failure_ = cudaSuccess;
    std::size_t captured_ = 0;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(captures_on_gpu, WithWriters)

BOOST_AUTO_TEST_CASE(graphs_are_captured_beside_threads_that_allocate) {
    if (std::getenv("TRIUNE_GRAPH_CAPTURE") == nullptr) return;  // run with the others, which capture nothing
    Capturer capturer(device);
    std::atomic<bool> enough = false;
    std::thread captures([&] { capturer.run(enough); });
    write(4);
    enough = true;
    captures.join();
    BOOST_TEST(capturer.failure() == cudaSuccess, "a capture was lost: " << cudaGetErrorString(capturer.failure()));
    BOOST_TEST(capturer.captured() > 0U);
    expect_nothing(capturer.found());
}

BOOST_AUTO_TEST_SUITE_END()
