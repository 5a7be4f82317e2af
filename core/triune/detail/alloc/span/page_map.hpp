// SPDX-License-Identifier: Apache-2.0
// A word for each granule of the addresses that processors have.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace triune {

// Three levels, as tcmalloc's page map: 2^10 places, below each one for each 2^18 granules, and below those a word a
// granule. Tables are mapped when first used, and the system gives memory to those pages alone that are touched. They
// stay as long as this does. Thread-safe, without a lock.
template <unsigned granule_bits>
class PageMap {
  public:
    using Word = std::atomic<std::uintptr_t>;

    PageMap() = default;
    PageMap(const PageMap&) = delete;
    PageMap& operator=(const PageMap&) = delete;
    ~PageMap();

    // Null where no table has been made.
    Word* known(const void* address) const noexcept {
        if (!is_address(address)) return nullptr;
        const std::uint64_t granule = granule_of(address);
        Middle* const middle = top_[granule >> (leaf_bits + middle_bits)].load(std::memory_order_acquire);
        if (middle == nullptr) return nullptr;
        Leaf* const leaf = middle->leaves[granule >> leaf_bits & (middle->leaves.size() - 1)].load(std::memory_order_acquire);
        return leaf == nullptr ? nullptr : &leaf->words[granule & (leaf->words.size() - 1)];
    }
    // 0 at first. Throws std::bad_alloc, also for what no processor addresses today.
    Word& at(const void* address) {
        Word* const there = known(address);
        return there != nullptr ? *there : make(address);
    }

  private:
    static constexpr unsigned address_bits = 57;
    static constexpr unsigned leaf_bits = 18;
    static constexpr unsigned top_bits = 10;
    static constexpr unsigned middle_bits = address_bits - granule_bits - leaf_bits - top_bits;

    struct Leaf {
        std::array<Word, std::size_t{1} << leaf_bits> words;
        Leaf* made_before;
    };
    struct Middle {
        std::array<std::atomic<Leaf*>, std::size_t{1} << middle_bits> leaves;
        Middle* made_before;
    };

    static std::uint64_t granule_of(const void* address) noexcept {
        return reinterpret_cast<std::uintptr_t>(address) >> granule_bits;
    }
    static bool is_address(const void* address) noexcept {
        return reinterpret_cast<std::uintptr_t>(address) >> address_bits == 0;
    }
    Word& make(const void* address);

    std::array<std::atomic<Middle*>, std::size_t{1} << top_bits> top_{};
    std::atomic<Middle*> middles_{nullptr};  // the youngest
    std::atomic<Leaf*> leaves_{nullptr};
};

extern template class PageMap<8>;
extern template class PageMap<16>;

}  // namespace triune
