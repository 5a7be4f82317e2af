// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/name_index.hpp>

#include <algorithm>
#include <utility>

namespace triune {

NameIndex::NameIndex() : mask_(first_chains - 1), chains_(std::make_unique<TrackedAllocation*[]>(mask_ + 1)) {}

// One name a chain at most, on average, again.
void NameIndex::make_room() {
    const std::size_t mask = 2 * mask_ + 1;
    auto chains = std::make_unique<TrackedAllocation*[]>(mask + 1);
    for (std::size_t chain = 0; chain <= mask_; ++chain) {
        while (TrackedAllocation* const moved = chains_[chain]) {
            chains_[chain] = moved->next_named_;
            TrackedAllocation*& front = chains[moved->name_hash_ & mask];
            moved->next_named_ = std::exchange(front, moved);
        }
    }
    mask_ = mask;
    chains_ = std::move(chains);
    empty_below_ = 0;
}

bool NameIndex::enter(TrackedAllocation& allocation, const NameKey& name) {
    if (size_ > mask_) make_room();
    TrackedAllocation** const place = place_of(name);
    if (*place != nullptr) return false;
    allocation.name_hash_ = name.hash;
    allocation.next_named_ = nullptr;
    *place = &allocation;
    ++size_;
    empty_below_ = std::min<std::size_t>(empty_below_, name.hash & mask_);
    return true;
}

TrackedAllocation* NameIndex::extract_any() noexcept {
    if (size_ == 0) return nullptr;
    while (chains_[empty_below_] == nullptr) ++empty_below_;
    return extracted_from(&chains_[empty_below_]);
}

}  // namespace triune
