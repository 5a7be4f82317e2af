// SPDX-License-Identifier: Apache-2.0
#include <triune/device/cuda/whole_device_wait.hpp>

#include <cuda_runtime_api.h>

#include <algorithm>
#include <new>
#include <thread>

#include <triune/device/cuda/driver.hpp>

namespace triune::cuda {
namespace {

constexpr std::size_t block_bytes = 256;

Status runtime(cudaError_t error, const char* call) noexcept {
    if (error == cudaSuccess) return success;
    static_cast<void>(cudaGetLastError());
    return {static_cast<int>(error), call};
}

void* make_block() noexcept {
    void* block = nullptr;
    return runtime(cudaMalloc(&block, block_bytes), "cudaMalloc").ok() ? block : nullptr;
}

using Clock = std::chrono::steady_clock;

// Asks until the answer is not "not ready" any more; `complete` stays false where that takes until `end`.
template <typename Ask>
Status wait_until(Clock::time_point end, bool& complete, Ask&& ask) noexcept {
    const Clock::time_point awake = Clock::now() + std::chrono::microseconds(50);
    for (auto pause = std::chrono::microseconds(20);;) {
        const Status status = ask();
        complete = status.ok();
        if (status.cuda_error != cuda_error::not_ready) return status;
        const Clock::time_point now = Clock::now();
        if (now >= end) return success;
        if (now < awake) continue;
        std::this_thread::sleep_for(pause);
        pause = std::min<std::chrono::microseconds>(2 * pause, std::chrono::milliseconds(1));
    }
}

// Blocking streams, and the legacy stream itself; not while one of them captures.
Status wait_for_legacy_stream(Clock::time_point end, bool& complete) noexcept {
    CUstreamCaptureStatus capture = CU_STREAM_CAPTURE_STATUS_NONE;
    const Status asked = driver().stream_is_capturing(CU_STREAM_LEGACY, &capture);
    complete = true;
    if (!asked.ok() || capture != CU_STREAM_CAPTURE_STATUS_NONE) return success;
    return wait_until(end, complete, [] { return driver().stream_query(CU_STREAM_LEGACY); });
}

}  // namespace

Status WholeDeviceWait::wait(OwnStreams& own, std::chrono::nanoseconds at_most, bool& complete) noexcept {
    const Clock::time_point end = Clock::now() + at_most;
    bool found = true;
    complete = false;
    try {
        for (const OwnStreams::WaitedEvent& event : own.record_all()) {
            const Status waited = wait_until(end, found, [&] { return driver().event_query(*event); });
            if (!waited.ok() || !found) return waited;
        }
    } catch (const std::bad_alloc&) {  // the block waits for all of them
    }
    const Status waited = wait_for_legacy_stream(end, found);
    if (!waited.ok() || !found) return waited;
    void* block = block_.exchange(nullptr);
    if (block == nullptr) block = make_block();
    const Status freed = block != nullptr ? runtime(cudaFree(block), "cudaFree")
                                          : runtime(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
    void* none = nullptr;
    void* const next = make_block();
    if (next != nullptr && !block_.compare_exchange_strong(none, next)) static_cast<void>(cudaFree(next));
    complete = freed.ok();
    return freed;
}

}  // namespace triune::cuda
