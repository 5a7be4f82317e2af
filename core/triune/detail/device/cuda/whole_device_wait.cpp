// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/whole_device_wait.hpp>

#include <cuda_runtime_api.h>

#include <new>

#include <triune/detail/device/cuda/calls.hpp>
#include <triune/detail/device/cuda/captures.hpp>
#include <triune/detail/device/cuda/driver.hpp>
#include <triune/detail/device/cuda/wait_until.hpp>

namespace triune::cuda {
namespace {

constexpr std::size_t block_bytes = 256;

void* make_block() noexcept {
    void* block = nullptr;
    return runtime(cudaMalloc(&block, block_bytes), "cudaMalloc").ok() ? block : nullptr;
}

using Clock = std::chrono::steady_clock;

// Blocking streams, and the legacy stream itself; not while one of them captures.
Status wait_for_legacy_stream(Clock::time_point end, bool& complete) noexcept {
    bool capturing = false;
    const Status asked = ask_capture(CU_STREAM_LEGACY, capturing);
    complete = true;
    if (!asked.ok() || capturing) return success;
    return wait_until(end, complete, [] { return driver().stream_query(CU_STREAM_LEGACY); });
}

}  // namespace

Status WholeDeviceWait::wait(OwnStreams& own, std::chrono::nanoseconds at_most, bool& complete) noexcept {
    const Clock::time_point end = Clock::now() + at_most;
    bool found = true;
    complete = false;
    try {
        for (const OwnStreams::Recorded& each : own.record_all()) {
            const Status waited = wait_until(end, found, [&] { return driver().event_query(each.event()); });
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
