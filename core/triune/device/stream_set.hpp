// SPDX-License-Identifier: Apache-2.0
// Three streams for work that should overlap: computing, moving memory, analysing.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <future>

#include <triune/device/stream.hpp>

namespace triune {

// Move-only; a moved-from set may be destroyed and assigned to, and its streams behave like moved-from ones. Apart from
// moves every function is safe from any thread.
class StreamSet {
  public:
    // On the current device. Throws device_error.
    StreamSet();
    // `device` must outlive the set.
    explicit StreamSet(Device& device);
    StreamSet(StreamSet&& other) noexcept;
    StreamSet& operator=(StreamSet&& other) noexcept;

    const Stream& compute() const noexcept { return streams_[0]; }
    const Stream& memory() const noexcept { return streams_[1]; }
    const Stream& analysis() const noexcept { return streams_[2]; }
    // The streams in turn: compute, memory, analysis, compute, ...
    const Stream& next() const noexcept;

    // Waits for all three. Throws invalid_argument when moved from, else device_error.
    void synchronize() const;
    // The same for what is queued by now, waited for by another thread. Failures of the device come through the
    // future; a moved-from set throws invalid_argument at once. The set may go before the future does; destroying a
    // future that is not ready waits for it, as std::async's do.
    std::future<void> synchronize_async() const;

  private:
    static constexpr std::size_t count = 3;

    Device* device_ = nullptr;
    std::array<Stream, count> streams_;
    mutable std::atomic<std::size_t> turn_{0};
};

}  // namespace triune
