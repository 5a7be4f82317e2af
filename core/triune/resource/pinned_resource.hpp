// SPDX-License-Identifier: Apache-2.0
// Pinned host memory for the standard library's containers.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <unordered_map>

#include <triune/alloc/event_pool.hpp>
#include <triune/alloc/pinned_pool.hpp>
#include <triune/manage/manager.hpp>

namespace triune {

class DeviceResources;

// Draws from the pinned pool of a device, the one that downloads draw from: std::pmr::vector<float> staging(&resource).
// Copies between the device and such memory cross the link at full speed and need not be waited for. Memory given back
// serves again only after all work queued on the device by then, so a container may go while a copy still reads it; it
// is back in the pool with the resource's next call after that.
//
// The pool hands out whole pages. For containers of many small pieces put a pool of the standard library in between:
// std::pmr::synchronized_pool_resource nodes(&resource).
//
// This is memory of the host: no manager's limit or totals count it, as they do not count the slots of downloads.
// Thread-safe. Equal to itself alone. May outlive the manager, and must outlive the containers; what is still out when
// it goes is given back then, with a warning.
class PinnedResource final : public std::pmr::memory_resource {
  public:
    // The pinned pool of the manager's device; of the current device, where none is named. Throws device_error.
    PinnedResource();
    explicit PinnedResource(GpuMemoryManager& manager);
    PinnedResource(const PinnedResource&) = delete;
    PinnedResource& operator=(const PinnedResource&) = delete;
    ~PinnedResource() override;

    // Bytes that are out, as asked for.
    std::size_t drawn_bytes() const;

  private:
    struct Piece {
        PinnedPool::Piece memory;
        std::size_t bytes = 0;        // as asked for
        EventHandle freed = nullptr;  // taken with the memory, so that giving it back needs no new one
    };

    // 0 bytes give an address too, one that no other piece has, as the standard wants. Throws bad_allocation where
    // memory has run out, invalid_argument for an alignment that is no power of two, device_error.
    void* do_allocate(std::size_t bytes, std::size_t alignment) override;
    // An address that is not out, null too, is reported as misuse and left alone.
    void do_deallocate(void* address, std::size_t bytes, std::size_t alignment) noexcept override;
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }

    PinnedPool::Piece obtain(std::size_t bytes);
    void give_back_in_order(std::list<Piece>::iterator piece) noexcept;
    void collect() noexcept;
    void wait_for_all() noexcept;

    const std::shared_ptr<DeviceResources> resources_;
    mutable std::mutex mutex_;
    EventPool events_;
    // Pieces move from the one list to the other and are never made anew on the way, so that giving back cannot fail.
    std::list<Piece> out_;
    std::list<Piece> waiting_;  // given back, but queued work may still use them; oldest first
    std::unordered_map<void*, std::list<Piece>::iterator> by_address_;
    std::size_t drawn_bytes_ = 0;
};

}  // namespace triune
