// SPDX-License-Identifier: Apache-2.0
// Records of ranges and batches, kept for reuse, so that freeing memory needs none.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include <triune/alloc/span/free_batch.hpp>
#include <triune/alloc/span/span_stack.hpp>

namespace triune {

// There are as many batches as ranges: whatever is freed, alone or together, there is a batch for it. Not thread-safe.
// Records live until the store goes.
class RecordStore {
  public:
    explicit RecordStore(Device& device) noexcept : device_(device) {}
    RecordStore(const RecordStore&) = delete;
    RecordStore& operator=(const RecordStore&) = delete;
    // Destroys the batches' events.
    ~RecordStore();

    // Afterwards so many calls of range() will do. Throws std::bad_alloc.
    void reserve_ranges(std::size_t count);
    Range* range() noexcept;
    void put_back(Range* range) noexcept;

    // All that there are, in use or spare, by their numbers below count().
    std::size_t count() const noexcept { return pages_.size() * page_records; }
    Range& at(std::size_t number) const noexcept { return pages_[number / page_records]->ranges[number % page_records]; }

    FreeBatch* batch() noexcept;
    // An empty one.
    void put_back(FreeBatch* batch) noexcept;

  private:
    static constexpr std::size_t page_records = 64;
    struct Page {
        std::array<Range, page_records> ranges;
        std::array<FreeBatch, page_records> batches;
    };

    Device& device_;
    std::vector<std::unique_ptr<Page>> pages_;
    RangeStack spare_ranges_;
    std::size_t spare_count_ = 0;
    BatchQueue spare_batches_;
};

}  // namespace triune
