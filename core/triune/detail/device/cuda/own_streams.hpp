// SPDX-License-Identifier: Apache-2.0
// The streams that the library itself has created and not destroyed yet.
#pragma once

#include <cuda_runtime_api.h>

#include <utility>
#include <vector>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>

namespace triune::cuda {

// A destroyed stream must not be touched (the driver crashes), and only of one's own streams can one know that they
// live. Thread-safe.
class OwnStreams {
  public:
    // Answers a CUDA error, and then the stream is not known.
    cudaError_t add(cudaStream_t stream) noexcept;
    // Call it before the stream is destroyed.
    void remove(cudaStream_t stream) noexcept;

    // An event that nobody else records or asks.
    class Recorded {
      public:
        explicit Recorded(cudaEvent_t event) noexcept : event_(event) {}
        Recorded(Recorded&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}
        Recorded& operator=(Recorded&&) = delete;
        ~Recorded();

        cudaEvent_t event() const noexcept { return event_; }

      private:
        cudaEvent_t event_;
    };
    // Records an event on each that is not capturing: one that was recorded into a graph spoils it when it is asked.
    // Throws std::bad_alloc.
    std::vector<Recorded> record_all();

  private:
    friend class ::triune::ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    Mutex mutex_;
    std::vector<cudaStream_t> streams_;
    ForkGuard fork_guard_{ForkGuard::Rank::chunks, *this};
};

}  // namespace triune::cuda
