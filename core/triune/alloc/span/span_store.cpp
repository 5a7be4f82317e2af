// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/span/span_store.hpp>

#include <triune/base/error.hpp>

namespace triune {

RecordStore::~RecordStore() {
    spare_batches_.clear();
    for (const auto& page : pages_) {
        for (const FreeBatch& batch : page->batches) {
            if (batch.event != nullptr)
                report_teardown(device_.event_destroy(batch.event), "destroying a pool's event");
        }
    }
}

void RecordStore::reserve_ranges(std::size_t count) {
    while (spare_count_ < count) {
        pages_.push_back(std::make_unique<Page>());
        for (Range& range : pages_.back()->ranges) spare_ranges_.push(&range);
        for (FreeBatch& batch : pages_.back()->batches) spare_batches_.push_back(batch);
        spare_count_ += page_records;
    }
}

Range* RecordStore::range() noexcept {
    --spare_count_;
    return spare_ranges_.pop();
}

void RecordStore::put_back(Range* range) noexcept {
    ++spare_count_;
    spare_ranges_.push(range);
}

FreeBatch* RecordStore::batch() noexcept {
    FreeBatch& batch = spare_batches_.front();
    spare_batches_.pop_front();
    return &batch;
}

// To the front: one that has its event already comes first the next time.
void RecordStore::put_back(FreeBatch* batch) noexcept { spare_batches_.push_front(*batch); }

}  // namespace triune
