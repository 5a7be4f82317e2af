// SPDX-License-Identifier: Apache-2.0
// Pinned host memory for the standard library's containers.
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>

namespace triune {

class GpuMemoryManager;

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
    class Pieces;

    // 0 bytes give an address too, one that no other piece has, as the standard wants. Throws bad_allocation where
    // memory has run out, invalid_argument for an alignment that is no power of two, device_error.
    void* do_allocate(std::size_t bytes, std::size_t alignment) override;
    // An address that is not out, null too, is reported as misuse and left alone.
    void do_deallocate(void* address, std::size_t bytes, std::size_t alignment) noexcept override;
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }

    const std::unique_ptr<Pieces> pieces_;
};

}  // namespace triune
