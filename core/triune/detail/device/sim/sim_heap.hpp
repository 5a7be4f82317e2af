// SPDX-License-Identifier: Apache-2.0
// Allocations on pages of their own, whose freed addresses fault instead of being reused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include <triune/detail/device/sim/sim_span.hpp>

namespace triune::sim {

// Each allocation ends where its last page ends and an untouchable page follows, so that the first byte past it faults.
// Addresses rise until the range is used up and only then come round again: a freed address stays dead for long.
// Not thread-safe: sim_memory.cpp locks.
class SimHeap {
  public:
    // `live` is what its memory counts as: Place::device or Place::pinned. Its range has room for `capacity_bytes` many
    // times over.
    SimHeap(Place live, std::size_t capacity_bytes);
    ~SimHeap();
    SimHeap(const SimHeap&) = delete;
    SimHeap& operator=(const SimHeap&) = delete;

    // 256-byte aligned, poisoned; null where addresses or memory ran out.
    void* allocate(std::size_t bytes);
    // The bytes asked for at its allocation; 0, with nothing changed, where `address` is not one.
    std::size_t release(void* address) noexcept;

    bool touches(const char* address, std::size_t bytes) const noexcept;
    // `address` lies in the heap's range.
    SimSpan find(const char* address, std::size_t bytes) const;

    std::size_t count() const noexcept { return blocks_.size(); }
    std::size_t bytes() const noexcept { return bytes_; }

  private:
    struct Block {
        std::size_t page_bytes;  // without the guard page
        std::size_t bytes;
        std::uint64_t generation;

        char* address(char* pages) const noexcept;
    };

    char* find_room(std::size_t wanted) const;

    const Place live_place_;
    const std::size_t range_bytes_;
    char* range_ = nullptr;  // reserved at the first allocation
    char* next_ = nullptr;
    std::map<char*, Block> blocks_;  // by their first page
    std::size_t bytes_ = 0;
    std::uint64_t generations_ = 0;
};

}  // namespace triune::sim
