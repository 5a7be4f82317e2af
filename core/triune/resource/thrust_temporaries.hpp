// SPDX-License-Identifier: Apache-2.0
// The pool as the source of temporary memory for Thrust's algorithms.
#pragma once

#include <cstddef>
#include <source_location>
#include <string_view>

#include <triune/resource/pool_account.hpp>

namespace triune {

// triune::ThrustTemporaries temporaries(manager, stream);
// thrust::sort(thrust::cuda::par(temporaries).on(stream), v.begin(), v.end());
// The stream has to be the algorithm's: memory is taken and given back in its order, so that an algorithm waits for
// nothing and the next one on that stream has the same memory again. Copies are the same account. Thread-safe.
class ThrustTemporaries {
  public:
    using value_type = char;

    // Of the current device's default manager. Throws device_error.
    explicit ThrustTemporaries(StreamHandle stream) : stream_(stream) {}
    ThrustTemporaries(GpuMemoryManager& manager, StreamHandle stream, std::string_view name = "Thrust temporaries",
                      std::source_location where = std::source_location::current())
        : account_(manager, name, where), stream_(stream) {}
    ThrustTemporaries(const PoolAccount& account, StreamHandle stream) noexcept : account_(account), stream_(stream) {}

    const PoolAccount& account() const noexcept { return account_; }
    StreamHandle stream() const noexcept { return stream_; }

    // Null for 0 bytes. Throws bad_allocation, invalid_argument for a stream that the device does not know,
    // device_error.
    char* allocate(std::size_t bytes) {
        return static_cast<char*>(account_.allocate(bytes, block_alignment, StreamOrder::on(stream_)));
    }
    void deallocate(char* address, std::size_t /*bytes*/) noexcept {
        account_.deallocate(address, StreamOrder::on(stream_));
    }

    friend bool operator==(const ThrustTemporaries&, const ThrustTemporaries&) noexcept = default;

  private:
    PoolAccount account_;
    StreamHandle stream_;
};

}  // namespace triune
