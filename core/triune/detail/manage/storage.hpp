// SPDX-License-Identifier: Apache-2.0
// The device bytes of one buffer: a block of the pool, or a growable mapping of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <triune/device/stream_order.hpp>

namespace triune {

class DeviceResources;
struct PooledMapping;
struct Span;

// Move-only, one word. Whoever holds a storage calls release() when done: the order of the free cannot be guessed here,
// and where it goes is not remembered.
class Storage {
  public:
    Storage() noexcept = default;
    // Not initialised, but for zeroed(). Throw out_of_memory or device_error.
    static Storage pooled(DeviceResources& resources, std::size_t bytes, StreamHandle stream);
    // Zeroed in the order of the stream.
    static Storage zeroed(DeviceResources& resources, std::size_t bytes, StreamHandle stream);
    static Storage mapped(DeviceResources& resources, std::size_t bytes, std::size_t reserve_bytes);

    Storage(Storage&& other) noexcept : holder_(std::exchange(other.holder_, 0)) {}
    // To one that holds nothing.
    Storage& operator=(Storage&& other) noexcept {
        holder_ = std::exchange(other.holder_, 0);
        return *this;
    }

    std::byte* data() const noexcept;
    bool is_mapped() const noexcept { return (holder_ & mapped_bit) != 0; }
    // How far the bytes may be used without any call to the device, and how far they can grow at their address.
    std::size_t usable_bytes() const noexcept;
    std::size_t reserved_bytes() const noexcept;
    // Tells storages of different allocations of the device apart: one call must not reach from one into the next.
    const void* allocation() const noexcept;

    // Makes at least `bytes` usable in place; of a mapped storage, within its reservation. Throws like
    // GrowableMapping::commit.
    void commit(std::size_t bytes);
    // No queued work may use what lies behind the first `bytes`.
    void decommit(std::size_t bytes) noexcept;

    // To the resources that it came from; holds nothing afterwards.
    void release(DeviceResources& resources, StreamOrder order) noexcept;

  private:
    static constexpr std::uintptr_t mapped_bit = 1;  // free in any pointer to a record

    explicit Storage(std::uintptr_t holder) noexcept : holder_(holder) {}
    PooledMapping& mapping() const noexcept { return *reinterpret_cast<PooledMapping*>(holder_ & ~mapped_bit); }
    Span* span() const noexcept { return reinterpret_cast<Span*>(holder_); }

    std::uintptr_t holder_ = 0;  // a span of the pool, or an owned growable mapping
};

}  // namespace triune
