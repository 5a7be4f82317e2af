// SPDX-License-Identifier: Apache-2.0
// Pinned host memory for the standard library's containers.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <memory_resource>
#include <unordered_map>

#include <triune/alloc/device_memory/event_pool.hpp>
#include <triune/alloc/device_memory/pinned_pool.hpp>
#include <triune/base/fork_guard.hpp>
#include <triune/base/mutex.hpp>
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
        EventHandle freed = nullptr;  // acquired with the memory, so that releasing it needs no new one
        bool ordered = false;         // the event is recorded
    };
    using Pieces = std::list<Piece>;

    // 0 bytes give an address too, one that no other piece has, as the standard wants. Throws bad_allocation where
    // memory has run out, invalid_argument for an alignment that is no power of two, device_error.
    void* do_allocate(std::size_t bytes, std::size_t alignment) override;
    // An address that is not out, null too, is reported as misuse and left alone.
    void do_deallocate(void* address, std::size_t bytes, std::size_t alignment) noexcept override;
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }

    // Where a device event may harm a capture, it is recorded when so many bytes wait for it.
    static constexpr std::size_t max_unordered_bytes = std::size_t{64} << 20;

    PinnedPool::Piece acquire(std::size_t bytes);
    void order_waiting() noexcept;
    void collect(Pieces& done) noexcept;
    void release(const Pieces& done) noexcept;
    void wait_for_all() noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    const std::shared_ptr<DeviceResources> resources_;
    mutable Mutex mutex_;
    EventPool events_;
    // Pieces move from the one list to the other and are never made anew on the way, so that giving back cannot fail.
    Pieces out_;
    Pieces waiting_;  // given back, but queued work may still use them; oldest first
    std::unordered_map<void*, Pieces::iterator> by_address_;
    std::size_t drawn_bytes_ = 0;
    std::size_t unordered_bytes_ = 0;
    ForkGuard fork_guard_{ForkGuard::Rank::manager, *this};
};

}  // namespace triune
