// SPDX-License-Identifier: Apache-2.0
// Blocks by their addresses.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include <triune/alloc/block.hpp>
#include <triune/alloc/range.hpp>

namespace triune {

// Note [Blocks by address]
// Whoever frees by address alone needs the block. A map would need a lock, or a hash and a probe; every block begins at
// a multiple of 256 bytes, so a table by address needs neither, as tcmalloc's page map. It has three levels: 2^10 places
// for 2^47 bytes each, below each 2^21 for 2^26 bytes each, and below those 2^18 for 256 bytes each. Tables are mapped
// when first used, and the system gives memory to those pages alone that are touched: 3% of what many smallest blocks
// take, a page for a big one. They stay as long as this does.
//
// Thread-safe, without a lock.
class AddressTable {
  public:
    AddressTable() = default;
    AddressTable(const AddressTable&) = delete;
    AddressTable& operator=(const AddressTable&) = delete;
    ~AddressTable();

    // `address` is a block's, of `range`, and nobody else's at the time. Throws std::bad_alloc.
    void enter(const void* address, Range* range) { place_of(address).store(range, std::memory_order_release); }
    // Null where nothing is entered there.
    Range* find(const void* address) const noexcept {
        const Place* const place = known_place_of(address);
        return place == nullptr ? nullptr : place->load(std::memory_order_acquire);
    }
    // What find() has found: true for one of those who try at once.
    bool remove(const void* address, Range* found) noexcept {
        Place* const place = known_place_of(address);
        return place != nullptr && place->compare_exchange_strong(found, nullptr, std::memory_order_acq_rel);
    }
    // Wherever within its block it was entered.
    void remove(Range* range) noexcept {
        const std::byte* at = range->data;
        while (at < range->end() && !remove(at, range)) at += block_alignment;
    }

  private:
    static constexpr unsigned granule_bits = 8;
    static constexpr unsigned leaf_bits = 18;
    static constexpr unsigned middle_bits = 21;
    static constexpr unsigned top_bits = 10;
    static_assert(block_alignment == std::size_t{1} << granule_bits);

    using Place = std::atomic<Range*>;
    struct Leaf {
        std::array<Place, std::size_t{1} << leaf_bits> places;
        Leaf* made_before;
    };
    struct Middle {
        std::array<std::atomic<Leaf*>, std::size_t{1} << middle_bits> leaves;
        Middle* made_before;
    };

    static std::uint64_t granule_of(const void* address) noexcept {
        return reinterpret_cast<std::uintptr_t>(address) >> granule_bits;
    }
    static bool can_be_block(const void* address) noexcept {
        const auto at = reinterpret_cast<std::uintptr_t>(address);
        return at % block_alignment == 0 && at >> (granule_bits + leaf_bits + middle_bits + top_bits) == 0;
    }
    Place* known_place_of(const void* address) const noexcept {
        if (!can_be_block(address)) return nullptr;
        const std::uint64_t granule = granule_of(address);
        Middle* const middle = top_[granule >> (leaf_bits + middle_bits)].load(std::memory_order_acquire);
        if (middle == nullptr) return nullptr;
        Leaf* const leaf = middle->leaves[granule >> leaf_bits & (middle->leaves.size() - 1)].load(std::memory_order_acquire);
        return leaf == nullptr ? nullptr : &leaf->places[granule & (leaf->places.size() - 1)];
    }
    Place& place_of(const void* address) {
        Place* const known = known_place_of(address);
        return known != nullptr ? *known : make_place(address);
    }
    Place& make_place(const void* address);

    std::array<std::atomic<Middle*>, std::size_t{1} << top_bits> top_{};
    std::atomic<Middle*> middles_{nullptr};  // the youngest
    std::atomic<Leaf*> leaves_{nullptr};
};

}  // namespace triune
