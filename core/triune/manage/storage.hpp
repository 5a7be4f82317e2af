// The device bytes of one buffer: a block of the pool, or an arena of its own.
#pragma once

#include <cstddef>
#include <memory>

#include <triune/alloc/block.hpp>
#include <triune/device/stream_order.hpp>

namespace triune {

class DeviceResources;
struct PooledArena;

// Move-only. Whoever holds a storage calls release() when done: the order of the free cannot be guessed here.
class Storage {
  public:
    Storage() noexcept;
    ~Storage();
    // Not initialised, both. Throw out_of_memory or device_error.
    static Storage pooled(DeviceResources& resources, std::size_t bytes, StreamHandle stream);
    static Storage mapped(DeviceResources& resources, std::size_t bytes, std::size_t reserve_bytes);

    Storage(Storage&& other) noexcept;
    Storage& operator=(Storage&& other) noexcept;

    std::byte* data() const noexcept;
    bool is_mapped() const noexcept { return arena_ != nullptr; }
    // How far the bytes may be used without any call to the device, and how far they can grow at their address.
    std::size_t usable_bytes() const noexcept;
    std::size_t reserved_bytes() const noexcept;
    // Tells storages of different allocations of the device apart: one call must not reach from one into the next.
    const void* allocation() const noexcept;

    // Makes at least `bytes` usable in place; of a mapped storage, within its reservation. Throws like Arena::commit.
    void commit(std::size_t bytes);
    // No queued work may use what lies behind the first `bytes`.
    void decommit(std::size_t bytes) noexcept;

    void release(StreamOrder order) noexcept;

  private:
    DeviceResources* resources_ = nullptr;
    Block block_;
    std::unique_ptr<PooledArena> arena_;
};

}  // namespace triune
