// SPDX-License-Identifier: Apache-2.0
// Places that are unmapped once the queued work that may still use them is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

#include <triune/detail/alloc/device_memory/event_pool.hpp>
#include <triune/device/device.hpp>

namespace triune {

// A place, by its offset, and when it was dropped: its addresses may have been used anew since, and dropped again.
struct PendingUnmap {
    std::size_t offset = 0;
    std::uint64_t time = 0;
};

// Not thread-safe.
class PendingUnmaps {
  public:
    explicit PendingUnmaps(Device& device) noexcept : device_(device), events_(device) {}
    PendingUnmaps(const PendingUnmaps&) = delete;
    PendingUnmaps& operator=(const PendingUnmaps&) = delete;
    // Forgets them.
    ~PendingUnmaps();

    // Each answers the time, above 0 and later than any before, and throws std::bad_alloc; then it has none of them.
    // For places that no queued work uses.
    std::uint64_t add(std::vector<std::size_t> offsets);
    // For places that work queued on `stream` may use, and no other. Throws device_error too.
    std::uint64_t add(std::vector<std::size_t> offsets, StreamHandle stream);
    // For places of which only waiting for the whole device tells: see waited_for().
    std::uint64_t add_unordered(std::vector<std::size_t> offsets);
    // All work that was queued at `time` is done.
    void waited_for(std::uint64_t time) noexcept { waited_for_ = time; }
    std::uint64_t now() const noexcept { return clock_; }
    // At most so many that no queued work uses any more; they are pending no more. Throws std::bad_alloc.
    std::vector<PendingUnmap> remove_ready(std::size_t max);

  private:
    struct Batch {
        EventHandle event = nullptr;
        bool free_of_work = false;
        std::uint64_t time = 0;
        std::vector<std::size_t> offsets;
    };

    bool complete(const Batch& batch) const noexcept;
    std::uint64_t enter(Batch batch);

    Device& device_;
    EventPool events_;
    std::uint64_t clock_ = 0;
    std::uint64_t waited_for_ = 0;
    std::list<Batch> batches_;  // oldest first
};

}  // namespace triune
