// SPDX-License-Identifier: Apache-2.0
// Ranges that nobody has, by size; neighbours among those of one list are merged.
#pragma once

#include <cstddef>

#include <triune/alloc/span/span.hpp>
#include <triune/alloc/span/span_store.hpp>

namespace triune {

// Not thread-safe.
class FreeList {
  public:
    // For ranges in `state`: loose, idle or hole.
    FreeList(RecordStore& records, RangeState state) noexcept : records_(records), state_(state) {}
    FreeList(const FreeList&) = delete;
    FreeList& operator=(const FreeList&) = delete;
    ~FreeList() {
        ranges_.clear();
        by_address_.clear();
    }

    // Enters a range that is listed nowhere; answers the one that it has become part of.
    Range* insert(Range* range) noexcept;
    void remove(Range* range) noexcept;
    // The smallest of at least `bytes`; null where there is none.
    Range* find(std::size_t bytes) noexcept;

    // Of holes: the one that the address lies in, which is a hole's.
    Range* containing(const std::byte* address) noexcept;

    // Whether a chunk that lies wholly in one of the ranges may have its seat elsewhere than at home: see PoolMemory.
    bool any_away() const noexcept { return any_away_; }
    void note_away(bool any) noexcept { any_away_ = any; }

    std::size_t bytes() const noexcept { return bytes_; }
    std::size_t count() const noexcept { return ranges_.size(); }
    // Smallest first.
    RangesBySize& ranges() noexcept { return ranges_; }
    const RangesBySize& ranges() const noexcept { return ranges_; }

  private:
    void enter(Range* range) noexcept;
    void leave(Range* range) noexcept;

    RecordStore& records_;
    const RangeState state_;
    RangesBySize ranges_;
    RangesByAddress by_address_;  // of holes alone: nothing asks for idle ranges so, and they come and go often
    std::size_t bytes_ = 0;
    bool any_away_ = false;
};

}  // namespace triune
