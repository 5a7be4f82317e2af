// SPDX-License-Identifier: Apache-2.0
// A device that does nothing and counts what it is asked for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include <triune/device/device.hpp>

namespace bench {

using triune::EventHandle;
using triune::Status;
using triune::StreamHandle;

// Its addresses are reserved and nothing lies there: nobody may touch them. All work is done at once. For one thread.
class CountingDevice final : public triune::Device {
  public:
    struct Counts {
        std::size_t created = 0;  // chunks
        std::size_t mapped = 0;
        std::size_t unmapped = 0;
    };

    explicit CountingDevice(std::size_t total_bytes);

    const Counts& counts() const noexcept { return counts_; }

    const triune::DeviceProperties& properties() const noexcept override { return properties_; }
    Status memory_info(triune::DeviceMemoryInfo& info) noexcept override;
    Status synchronize() noexcept override { return {}; }
    Status synchronize_within(std::chrono::nanoseconds, bool& complete) noexcept override { return done(complete); }
    Status last_error() noexcept override { return {}; }

    Status stream_create(StreamHandle& stream) noexcept override;
    Status stream_destroy(StreamHandle) noexcept override { return {}; }
    Status stream_synchronize(StreamHandle) noexcept override { return {}; }
    Status stream_query(StreamHandle, bool& idle) noexcept override;
    Status stream_wait(StreamHandle, EventHandle) noexcept override { return {}; }
    Status stream_id(StreamHandle stream, std::uint64_t& id) noexcept override;
    Status stream_state(StreamHandle, triune::StreamState& state) noexcept override;
    Status stream_call(StreamHandle, HostFunction function, void* argument) noexcept override;

    Status event_create(EventHandle& event, triune::EventUse) noexcept override;
    Status event_destroy(EventHandle) noexcept override { return {}; }
    Status event_record(EventHandle, StreamHandle) noexcept override { return {}; }
    Status event_record_device(EventHandle) noexcept override { return {}; }
    Status event_query(EventHandle, bool& complete) noexcept override;
    Status event_synchronize(EventHandle) noexcept override { return {}; }
    Status event_wait(EventHandle, std::chrono::nanoseconds, bool& complete) noexcept override {
        return done(complete);
    }

    Status copy(void*, const void*, std::size_t, StreamHandle) noexcept override { return {}; }
    Status copy_on_device(std::span<const triune::CopyPiece>, StreamHandle) noexcept override { return {}; }
    Status fill(void*, std::uint32_t, unsigned, std::size_t, StreamHandle) noexcept override { return {}; }

    Status pinned_allocate(void*&, std::size_t) noexcept override { return unsupported("pinned_allocate"); }
    Status pinned_release(void*) noexcept override { return unsupported("pinned_release"); }
    Status memory_allocate(void*&, std::size_t) noexcept override { return unsupported("memory_allocate"); }
    Status memory_release(void*) noexcept override { return unsupported("memory_release"); }

    Status address_reserve(void*& address, std::size_t bytes) noexcept override;
    Status address_release(void* address, std::size_t bytes) noexcept override;
    Status chunk_create(triune::ChunkHandle& chunk, std::size_t bytes) noexcept override;
    Status chunk_release(triune::ChunkHandle) noexcept override { return {}; }
    Status map(void*, triune::ChunkHandle, std::size_t) noexcept override;
    Status set_access(void*, std::size_t) noexcept override { return {}; }
    Status unmap(void*, std::size_t) noexcept override;

    Status peer_access(int, bool& possible) noexcept override;

  private:
    static Status done(bool& complete) noexcept;
    static Status unsupported(const char* verb) noexcept;
    void* next_handle() noexcept;

    triune::DeviceProperties properties_;
    Counts counts_;
    std::uintptr_t handles_ = 0;
};

}  // namespace bench
