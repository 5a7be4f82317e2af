// SPDX-License-Identifier: Apache-2.0
// The streams that the library itself has created and not destroyed yet.
#pragma once

#include <cuda_runtime_api.h>

#include <memory>
#include <vector>

#include <triune/base/fork_guard.hpp>
#include <triune/base/mutex.hpp>

namespace triune::cuda {

// A destroyed stream must not be touched (the driver crashes), and only of one's own streams can one know that they
// live. Each has an event, which lives as long as somebody waits for it. Thread-safe.
class OwnStreams {
  public:
    // Answers a CUDA error, and then the stream is not known.
    cudaError_t add(cudaStream_t stream) noexcept;
    // Call it before the stream is destroyed.
    void remove(cudaStream_t stream) noexcept;

    using WaitedEvent = std::shared_ptr<const cudaEvent_t>;
    // Records an event on each that is not capturing. Throws std::bad_alloc.
    std::vector<WaitedEvent> record_all();

  private:
    friend class ::triune::ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    struct Entry {
        cudaStream_t stream;
        WaitedEvent event;
    };

    Mutex mutex_;
    std::vector<Entry> entries_;
    ForkGuard fork_guard_{ForkGuard::Rank::chunks, *this};
};

}  // namespace triune::cuda
