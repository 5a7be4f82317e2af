// SPDX-License-Identifier: Apache-2.0
// Live allocations by name.
#pragma once

#include <cstddef>
#include <memory>

#include <triune/detail/track/name_key.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

// Chains of what it finds, one name a chain on average; owns nothing of it. Not thread-safe.
class NameIndex {
  public:
    NameIndex();
    NameIndex(const NameIndex&) = delete;
    NameIndex& operator=(const NameIndex&) = delete;

    // False, nothing changed, where the name is taken; `name` is the allocation's own. Throws std::bad_alloc, then
    // nothing has changed either.
    bool enter(TrackedAllocation& allocation, const NameKey& name);
    // Null where there is none.
    TrackedAllocation* find(const NameKey& name) const noexcept { return *place_of(name); }
    // The same, and erases it.
    TrackedAllocation* extract(const NameKey& name) noexcept { return extracted_from(place_of(name)); }
    // Any, erased; null where none is left.
    TrackedAllocation* extract_any() noexcept;
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (std::size_t chain = 0; chain <= mask_; ++chain) {
            for (TrackedAllocation* each = chains_[chain]; each != nullptr; each = each->next_named_) visit(*each);
        }
    }

    std::size_t size() const noexcept { return size_; }

  private:
    static constexpr std::size_t first_chains = 4;  // few: a manager has many of these

    // Where the pointer to it stands, or would.
    TrackedAllocation** place_of(const NameKey& name) const noexcept {
        TrackedAllocation** place = &chains_[name.hash & mask_];
        while (*place != nullptr && !((*place)->name_hash_ == name.hash && (*place)->name_ == name.text)) {
            place = &(*place)->next_named_;
        }
        return place;
    }
    TrackedAllocation* extracted_from(TrackedAllocation** place) noexcept {
        TrackedAllocation* const found = *place;
        if (found == nullptr) return nullptr;
        *place = found->next_named_;
        --size_;
        return found;
    }
    void make_room();

    std::size_t mask_;  // chains, a power of two, less one
    std::unique_ptr<TrackedAllocation*[]> chains_;
    std::size_t size_ = 0;
    std::size_t empty_below_ = 0;  // no chain before this one holds anything
};

}  // namespace triune
