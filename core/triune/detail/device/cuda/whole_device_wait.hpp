// SPDX-License-Identifier: Apache-2.0
// Waits for all work of a device without harming a graph capture.
#pragma once

#include <atomic>
#include <chrono>

#include <triune/base/status.hpp>
#include <triune/detail/device/cuda/own_streams.hpp>

namespace triune::cuda {

// Note [Waiting for a whole device]
// cudaDeviceSynchronize and cuCtxRecordEvent fail while any stream captures a graph, in every capture mode, and that
// graph is lost (CUDA 13.0, driver 580: docs/measurements). cudaFree waits for all streams too, and in the relaxed
// capture mode harms nothing. But other threads' calls to the driver stand still while it waits. So first the streams
// that can be waited for one by one are: the library's own, and the legacy stream, for which all blocking streams stand.
// Then a small block is freed, for the streams that nobody knows.
class WholeDeviceWait {
  public:
    WholeDeviceWait() = default;
    WholeDeviceWait(const WholeDeviceWait&) = delete;
    WholeDeviceWait& operator=(const WholeDeviceWait&) = delete;
    // The block that is left goes with the process: a device is never closed.
    ~WholeDeviceWait() = default;

    // With the device current, in the relaxed capture mode. The time is looked at before the block is freed: a stream
    // that only that waits for is waited for without an end. Thread-safe.
    Status wait(OwnStreams& own, std::chrono::nanoseconds at_most, bool& complete) noexcept;

  private:
    std::atomic<void*> block_{nullptr};  // kept, so that a full device has one to free
};

}  // namespace triune::cuda
