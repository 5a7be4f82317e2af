// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/span/span_store.hpp>

#include <triune/base/error.hpp>

namespace triune {

SpanStore::~SpanStore() {
    spare_batches_.clear();
    for (const auto& page : pages_) {
        for (const FreeBatch& batch : page->batches) {
            if (batch.event != nullptr)
                report_teardown(device_.event_destroy(batch.event), "destroying a pool's event");
        }
    }
}

void SpanStore::reserve_spans(std::size_t count) {
    while (spare_count_ < count) {
        pages_.push_back(std::make_unique<Page>());
        for (Span& span : pages_.back()->spans) spare_spans_.push(&span);
        for (FreeBatch& batch : pages_.back()->batches) spare_batches_.push_back(batch);
        spare_count_ += page_records;
    }
}

Span* SpanStore::acquire_span() noexcept {
    --spare_count_;
    return spare_spans_.pop();
}

void SpanStore::release(Span* span) noexcept {
    ++spare_count_;
    spare_spans_.push(span);
}

FreeBatch* SpanStore::acquire_batch() noexcept {
    FreeBatch& batch = spare_batches_.front();
    spare_batches_.pop_front();
    return &batch;
}

// To the front: one that has its event already comes first the next time.
void SpanStore::release(FreeBatch* batch) noexcept { spare_batches_.push_front(*batch); }

}  // namespace triune
