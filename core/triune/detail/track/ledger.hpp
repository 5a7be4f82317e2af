// SPDX-License-Identifier: Apache-2.0
// The figures of all live allocations, side by side, in the order of creation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <triune/track/allocation_origin.hpp>

namespace triune {

class TrackedAllocation;

// Note [Figures in pages]
// A list of a million buffers is as fast as memory can be read, so what every list reads of a buffer stands here, in
// pages of one figure after the other, and not in the buffer. A page has holes where buffers are gone; one that is
// mostly holes is merged with its neighbour, so pages are half full at least, but for their last places, and removing
// costs a bounded number of steps. Neither removing nor changing a figure allocates.
struct LedgerPage {
    static constexpr std::size_t places = 64;
    // A kind, and whether there is a name: in one byte, so that a filter compares one.
    static constexpr std::uint8_t named = 0x80;
    static constexpr std::uint8_t nature_of(OwnerKind kind, bool has_name) noexcept {
        return static_cast<std::uint8_t>(static_cast<std::uint8_t>(kind) | (has_name ? named : 0));
    }
    OwnerKind kind(std::size_t place) const noexcept { return static_cast<OwnerKind>(nature[place] & ~named); }
    bool has_name(std::size_t place) const noexcept { return (nature[place] & named) != 0; }

    LedgerPage* previous = nullptr;
    LedgerPage* next = nullptr;
    std::uint16_t used = 0;  // places, holes included
    std::uint16_t live = 0;
    std::array<std::uint8_t, places> nature;  // of the allocation, see nature_of()
    std::array<std::uint32_t, places> resizes;
    std::array<TrackedAllocation*, places> allocation;  // null: a hole
    std::array<std::size_t, places> bytes;
    std::array<std::size_t, places> peak_bytes;
};

// Not thread-safe: the registry's lock is around it.
class Ledger {
  public:
    Ledger() noexcept = default;
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;
    ~Ledger();

    // As the youngest, never resized. Throws std::bad_alloc, nothing changed.
    void add(TrackedAllocation& allocation, std::size_t bytes = 0);
    void remove(TrackedAllocation& allocation) noexcept;
    // The bytes become `bytes`; counts as a resize where `resizes`.
    static void set_bytes(TrackedAllocation& allocation, std::size_t bytes, bool resizes) noexcept;

    std::size_t size() const noexcept { return size_; }
    // Calls visit(page, place) for each, oldest first.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (const LedgerPage* page = first_; page != nullptr; page = page->next) {
            for (std::size_t place = 0; place < page->used; ++place) {
                if (page->allocation[place] != nullptr) visit(*page, place);
            }
        }
    }

  private:
    static void move(LedgerPage& from, std::size_t place, LedgerPage& to) noexcept;
    static void close_holes(LedgerPage& page) noexcept;
    void merge_with_next(LedgerPage& page) noexcept;
    void drop(LedgerPage* page) noexcept;

    LedgerPage* first_ = nullptr;
    LedgerPage* last_ = nullptr;
    std::unique_ptr<LedgerPage> spare_;  // so that one buffer that comes and goes needs no page each time
    std::size_t size_ = 0;
};

}  // namespace triune
