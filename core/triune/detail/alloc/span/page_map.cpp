// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/span/page_map.hpp>

#include <sys/mman.h>

#include <new>
#include <utility>

namespace triune {
namespace {

// All zeroes. Null where the process has no addresses left.
template <typename Table>
Table* map_table() noexcept {
    void* const found = mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found == MAP_FAILED) return nullptr;
    madvise(found, sizeof(Table), MADV_NOHUGEPAGE);  // else one entry may cost 2 MiB; where it is refused, it may
    return static_cast<Table*>(found);
}

template <typename Table>
void unmap_table(Table* table) noexcept {
    munmap(table, sizeof(Table));
}

// The table below; where there is none, a new one, unless another thread is quicker.
template <typename Table>
Table& below(std::atomic<Table*>& place, std::atomic<Table*>& youngest) {
    Table* there = place.load(std::memory_order_acquire);
    if (there != nullptr) return *there;
    Table* const made = map_table<Table>();
    if (made == nullptr) throw std::bad_alloc();
    if (!place.compare_exchange_strong(there, made, std::memory_order_acq_rel)) {
        unmap_table(made);
        return *there;
    }
    made->made_before = youngest.load(std::memory_order_relaxed);
    while (!youngest.compare_exchange_weak(made->made_before, made, std::memory_order_release)) {
    }
    return *made;
}

template <typename Table>
void unmap_all(Table* youngest) noexcept {
    while (youngest != nullptr) unmap_table(std::exchange(youngest, youngest->made_before));
}

}  // namespace

template <unsigned granule_bits>
typename PageMap<granule_bits>::Word& PageMap<granule_bits>::make(const void* address) {
    if (!is_address(address)) throw std::bad_alloc();
    const std::uint64_t granule = granule_of(address);
    Middle& middle = below(top_[granule >> (leaf_bits + middle_bits)], middles_);
    Leaf& leaf = below(middle.leaves[granule >> leaf_bits & (middle.leaves.size() - 1)], leaves_);
    return leaf.words[granule & (leaf.words.size() - 1)];
}

template <unsigned granule_bits>
PageMap<granule_bits>::~PageMap() {
    unmap_all(leaves_.load(std::memory_order_relaxed));
    unmap_all(middles_.load(std::memory_order_relaxed));
}

template class PageMap<8>;
template class PageMap<16>;

}  // namespace triune
