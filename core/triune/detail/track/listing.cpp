// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/listing.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

#include <triune/detail/track/descending_order.hpp>

namespace triune {

void Listing::reserve(std::size_t count) {
    room_ = 0;
    records_ = std::make_unique_for_overwrite<std::byte[]>(count * sizeof(AllocationRecord));
    keys_ = std::make_unique_for_overwrite<std::uint64_t[]>(count);
    room_ = count;
}

void Listing::sort() {
    if (!in_order_ || ledgers_ > 1) order_ = descending_order(keys_.get(), size_, least_, most_);
    if (ledgers_ > 1) sort_equals_by_age();
    keys_.reset();
}

// Within a ledger they are in order already.
void Listing::sort_equals_by_age() noexcept {
    const AllocationRecord* const all = records();
    std::uint32_t* const end = order_.get() + size_;
    for (std::uint32_t* first = order_.get(); first != end;) {
        std::uint32_t* last = first + 1;
        while (last != end && all[*last].bytes == all[*first].bytes) ++last;
        std::sort(first, last, [all](std::uint32_t a, std::uint32_t b) { return all[a].id() < all[b].id(); });
        first = last;
    }
}

void Listing::open(std::uint64_t last_id) noexcept {
    const std::lock_guard lock(lists_->lock);
    last_id_ = last_id;
    older_ = lists_->newest.exchange(this, std::memory_order_acq_rel);
    if (older_ != nullptr) older_->newer_ = this;
    open_ = true;
}

void Listing::keep_on_newest(OpenLists& lists, TrackedAllocation& allocation) noexcept {
    const std::lock_guard lock(lists.lock);
    Listing* const newest = lists.newest.load(std::memory_order_relaxed);
    if (newest != nullptr && newest->may_tell_of(allocation)) newest->keep(allocation);
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
        if (newer_ != nullptr) {
            newer_->older_ = older_;
        } else {
            lists_->newest.store(older_, std::memory_order_release);
        }
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
