// SPDX-License-Identifier: Apache-2.0
#include <triune/track/listing.hpp>

#include <mutex>
#include <utility>

#include <triune/track/descending_order.hpp>

namespace triune {

void Listing::reserve(std::size_t count) {
    room_ = 0;
    records_ = std::make_unique_for_overwrite<std::byte[]>(count * sizeof(AllocationRecord));
    keys_ = std::make_unique_for_overwrite<std::uint64_t[]>(count);
    room_ = count;
}

void Listing::sort() {
    if (!in_order_) order_ = descending_order(keys_.get(), size_, least_, most_);
    keys_.reset();
}

void Listing::open(std::uint64_t last_id) noexcept {
    last_id_ = last_id;
    older_ = std::exchange(lists_->newest, this);
    if (older_ != nullptr) older_->newer_ = this;
    open_ = true;
}

// Once it is kept here it stays one more than its owners and other facts keep it.
void Listing::keep(TrackedAllocation& allocation) noexcept {
    allocation.keep();
    allocation.next_kept_ = std::exchange(kept_, &allocation);
}

Listing::~Listing() {
    if (!open_) return;
    TrackedAllocation* gone = nullptr;
    {
        const std::lock_guard lock(lists_->lock);
        (newer_ != nullptr ? newer_->older_ : lists_->newest) = older_;
        if (older_ != nullptr) older_->newer_ = newer_;
        while (TrackedAllocation* const each = kept_) {
            kept_ = each->next_kept_;
            TrackedAllocation*& next = older_ != nullptr && older_->may_tell_of(*each) ? older_->kept_ : gone;
            each->next_kept_ = std::exchange(next, each);
        }
    }
    while (gone != nullptr) std::exchange(gone, gone->next_kept_)->forget();
}

}  // namespace triune
