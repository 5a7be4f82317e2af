// SPDX-License-Identifier: Apache-2.0
// Blocks by their addresses.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include <triune/detail/alloc/span/block.hpp>
#include <triune/detail/alloc/span/page_map.hpp>
#include <triune/detail/alloc/span/span.hpp>

namespace triune {

// Note [Blocks by address]
// Whoever frees by address alone needs the block. A map would need a lock, or a hash and a probe; every block begins at
// a multiple of 256 bytes, so a table by address needs neither. It has a word for each 256 bytes, 3% of what many
// smallest blocks take. But a program with large blocks would touch a page of it for each, and each look-up would begin
// with an address that the processor does not know how to translate. So blocks above 64 KiB, of which no two begin in
// the same 64 KiB, have a word for each 64 KiB: a page of them is for 32 MiB. Where in its 64 KiB a block was entered
// stands in the word's highest byte, which no pointer to a Span uses. An address within a block may be entered where
// another begins behind the block; then the second goes to the first table.
//
// Thread-safe, without a lock.
class AddressTable {
  public:
    // `address` is a block's, of `span`, and nobody else's at the time. Throws std::bad_alloc.
    void enter(const void* address, Span* span) {
        if (span->bytes > large_bytes) {
            std::uintptr_t none = 0;
            if (large_.at(address).compare_exchange_strong(none, large_word(address, span), std::memory_order_acq_rel))
                return;
        }
        blocks_.at(address).store(word(span), std::memory_order_release);
    }
    // Null where nothing is entered there.
    Span* find(const void* address) const noexcept {
        if (!can_be_block(address)) return nullptr;
        if (const Word* const large = large_.known(address)) {
            const std::uintptr_t found = large->load(std::memory_order_acquire);
            if (found != 0 && found >> pointer_bits == offset_of(address))
                return reinterpret_cast<Span*>(found & pointer_mask);
        }
        const Word* const block = blocks_.known(address);
        return block == nullptr ? nullptr : reinterpret_cast<Span*>(block->load(std::memory_order_acquire));
    }
    // What find() has found: true for one of those who try at once.
    bool remove(const void* address, Span* found) noexcept {
        return can_be_block(address) && (empty(large_.known(address), large_word(address, found)) ||
                                         empty(blocks_.known(address), word(found)));
    }
    // Wherever within its block it was entered.
    void remove(Span* span) noexcept {
        const std::byte* at = span->data;
        while (at < span->end() && !remove(at, span)) at += block_alignment;
    }

  private:
    static constexpr unsigned granule_bits = 8;
    static constexpr unsigned large_granule_bits = 16;
    static constexpr unsigned pointer_bits = 56;
    static constexpr std::uintptr_t pointer_mask = (std::uintptr_t{1} << pointer_bits) - 1;
    static constexpr std::size_t large_bytes = std::size_t{1} << large_granule_bits;
    static_assert(block_alignment == std::size_t{1} << granule_bits);

    using Word = PageMap<granule_bits>::Word;

    static bool can_be_block(const void* address) noexcept {
        return reinterpret_cast<std::uintptr_t>(address) % block_alignment == 0;
    }
    static std::uintptr_t offset_of(const void* address) noexcept {
        return reinterpret_cast<std::uintptr_t>(address) >> granule_bits & 0xFF;
    }
    static std::uintptr_t word(const Span* span) noexcept { return reinterpret_cast<std::uintptr_t>(span); }
    static std::uintptr_t large_word(const void* address, const Span* span) noexcept {
        return word(span) | offset_of(address) << pointer_bits;
    }
    static bool empty(Word* place, std::uintptr_t from) noexcept {
        return place != nullptr && place->compare_exchange_strong(from, 0, std::memory_order_acq_rel);
    }

    PageMap<granule_bits> blocks_;
    PageMap<large_granule_bits> large_;
};

}  // namespace triune
