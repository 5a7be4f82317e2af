// Ranges that serve nobody, by size; neighbours among them are merged.
#pragma once

#include <cstddef>

#include <triune/alloc/range.hpp>
#include <triune/alloc/record_store.hpp>

namespace triune {

// Not thread-safe.
class FreeList {
  public:
    // For ranges in `state`: idle or hole.
    FreeList(RecordStore& records, RangeState state) noexcept : records_(records), state_(state) {}
    FreeList(const FreeList&) = delete;
    FreeList& operator=(const FreeList&) = delete;
    ~FreeList() { ranges_.clear(); }

    // Enters a range that is listed nowhere.
    void insert(Range* range) noexcept;
    void remove(Range* range) noexcept;
    // The smallest of at least `bytes`; null where there is none.
    Range* find(std::size_t bytes) noexcept;

    std::size_t bytes() const noexcept { return bytes_; }
    std::size_t count() const noexcept { return ranges_.size(); }
    // Smallest first.
    RangesBySize& ranges() noexcept { return ranges_; }

  private:
    RecordStore& records_;
    const RangeState state_;
    RangesBySize ranges_;
    std::size_t bytes_ = 0;
};

}  // namespace triune
