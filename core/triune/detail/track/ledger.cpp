// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/ledger.hpp>

#include <algorithm>
#include <utility>

#include <triune/track/tracked_allocation.hpp>

namespace triune {

Ledger::~Ledger() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next);
}

void Ledger::add(TrackedAllocation& allocation, std::size_t bytes) {
    if (last_ == nullptr || last_->used == LedgerPage::places) {
        LedgerPage* const page = spare_ ? spare_.release() : new LedgerPage;
        page->previous = last_;
        (last_ != nullptr ? last_->next : first_) = page;
        last_ = page;
    }
    LedgerPage& page = *last_;
    const std::size_t place = page.used++;
    ++page.live;
    ++size_;
    page.nature[place] = LedgerPage::nature_of(allocation.kind(), allocation.has_name());
    page.resizes[place] = 0;
    page.allocation[place] = &allocation;
    page.bytes[place] = bytes;
    page.peak_bytes[place] = bytes;
    allocation.page_ = &page;
    allocation.place_ = static_cast<std::uint8_t>(place);
}

void Ledger::set_bytes(TrackedAllocation& allocation, std::size_t bytes, bool resizes) noexcept {
    LedgerPage& page = *allocation.page_;
    const std::size_t place = allocation.place_;
    page.bytes[place] = bytes;
    page.peak_bytes[place] = std::max(page.peak_bytes[place], bytes);
    if (resizes) ++page.resizes[place];
}

void Ledger::remove(TrackedAllocation& allocation) noexcept {
    LedgerPage& page = *allocation.page_;
    page.allocation[allocation.place_] = nullptr;
    allocation.place_ = TrackedAllocation::not_listed;
    --page.live;
    --size_;
    while (page.used > 0 && page.allocation[page.used - 1U] == nullptr) --page.used;
    constexpr std::size_t few = LedgerPage::places / 4;
    const auto fit = [](const LedgerPage* a, const LedgerPage* b) {
        return b != nullptr && a->live + b->live <= 2 * few;
    };
    if (page.live == 0) {
        if (size_ > 0) drop(&page);
    } else if (page.live <= few && fit(&page, page.next)) {
        merge_with_next(page);
    } else if (page.live <= few && fit(&page, page.previous)) {
        merge_with_next(*page.previous);
    }
}

// To the first place of `to` that was never used.
void Ledger::move(LedgerPage& from, std::size_t place, LedgerPage& to) noexcept {
    const std::size_t target = to.used++;
    to.nature[target] = from.nature[place];
    to.resizes[target] = from.resizes[place];
    to.allocation[target] = from.allocation[place];
    to.bytes[target] = from.bytes[place];
    to.peak_bytes[target] = from.peak_bytes[place];
    to.allocation[target]->page_ = &to;
    to.allocation[target]->place_ = static_cast<std::uint8_t>(target);
}

void Ledger::close_holes(LedgerPage& page) noexcept {
    const std::size_t used = std::exchange(page.used, std::uint16_t{0});
    for (std::size_t place = 0; place < used; ++place) {
        if (page.allocation[place] != nullptr) move(page, place, page);
    }
}

void Ledger::merge_with_next(LedgerPage& page) noexcept {
    LedgerPage& next = *page.next;
    close_holes(page);
    for (std::size_t place = 0; place < next.used; ++place) {
        if (next.allocation[place] != nullptr) move(next, place, page);
    }
    page.live = static_cast<std::uint16_t>(page.live + next.live);
    drop(&next);
}

void Ledger::drop(LedgerPage* page) noexcept {
    (page->previous != nullptr ? page->previous->next : first_) = page->next;
    (page->next != nullptr ? page->next->previous : last_) = page->previous;
    page->previous = page->next = nullptr;
    page->used = page->live = 0;
    spare_.reset(page);
}

}  // namespace triune
