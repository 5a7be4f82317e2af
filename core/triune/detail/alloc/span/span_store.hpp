// SPDX-License-Identifier: Apache-2.0
// Records of spans and batches, kept for reuse, so that freeing memory needs none.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include <triune/detail/alloc/span/free_batch.hpp>
#include <triune/detail/alloc/span/span_stack.hpp>

namespace triune {

// There are as many batches as spans: whatever is freed, alone or together, there is a batch for it. Not thread-safe.
// Records live until the store goes.
class SpanStore {
  public:
    explicit SpanStore(Device& device) noexcept : device_(device) {}
    SpanStore(const SpanStore&) = delete;
    SpanStore& operator=(const SpanStore&) = delete;
    // Destroys the batches' events.
    ~SpanStore();

    // Afterwards so many calls of acquire_span() will do. Throws std::bad_alloc.
    void reserve_spans(std::size_t count);
    Span* acquire_span() noexcept;
    void release(Span* span) noexcept;

    // All that there are, in use or spare, by their numbers below count().
    std::size_t count() const noexcept { return pages_.size() * page_records; }
    Span& at(std::size_t number) const noexcept { return pages_[number / page_records]->spans[number % page_records]; }

    // An empty one; there is always one, see above.
    FreeBatch* acquire_batch() noexcept;
    void release(FreeBatch* batch) noexcept;

  private:
    static constexpr std::size_t page_records = 64;
    struct Page {
        std::array<Span, page_records> spans;
        std::array<FreeBatch, page_records> batches;
    };

    Device& device_;
    std::vector<std::unique_ptr<Page>> pages_;
    SpanStack spare_spans_;
    std::size_t spare_count_ = 0;
    BatchQueue spare_batches_;
};

}  // namespace triune
