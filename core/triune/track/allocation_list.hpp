// SPDX-License-Identifier: Apache-2.0
// Records of live allocations, most bytes first.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include <triune/track/allocation_record.hpp>

namespace triune {

class Listing;

// A value, cheap to copy: what was alive when it was made, whatever is freed meanwhile; it may outlive manager and
// device. Reads like a const std::vector, and becomes one where one is asked for. A record is its own value only once
// it is copied off the list, and then may outlive that; a reference into the list may not. Reading is safe from any
// thread.
class AllocationList {
  public:
    class const_iterator;
    using iterator = const_iterator;
    using value_type = AllocationRecord;
    using reference = const AllocationRecord&;
    using const_reference = const AllocationRecord&;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;

    AllocationList() noexcept = default;  // of nothing
    // Moves are copies: what was moved from still reads well.
    AllocationList(const AllocationList&) noexcept = default;
    AllocationList& operator=(const AllocationList&) noexcept = default;
    explicit AllocationList(std::shared_ptr<const Listing> listing) noexcept;

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    // Below size().
    const AllocationRecord& operator[](std::size_t index) const noexcept {
        return records_[order_ == nullptr ? index : order_[index]];
    }
    // Throws std::out_of_range.
    const AllocationRecord& at(std::size_t index) const;
    // Not of an empty one.
    const AllocationRecord& front() const noexcept { return (*this)[0]; }
    const AllocationRecord& back() const noexcept { return (*this)[size_ - 1]; }
    const_iterator begin() const noexcept;
    const_iterator end() const noexcept;

    operator std::vector<AllocationRecord>() const;

  private:
    std::shared_ptr<const Listing> listing_;
    const AllocationRecord* records_ = nullptr;
    const std::uint32_t* order_ = nullptr;
    std::size_t size_ = 0;
};
// Random access, as a vector's; valid while its list is.
class AllocationList::const_iterator {
  public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = AllocationRecord;
    using difference_type = std::ptrdiff_t;
    using pointer = const AllocationRecord*;
    using reference = const AllocationRecord&;

    const_iterator() noexcept = default;

    reference operator*() const noexcept { return records_[order_ == nullptr ? index_ : order_[index_]]; }
    pointer operator->() const noexcept { return &**this; }
    reference operator[](difference_type steps) const noexcept { return *(*this + steps); }
    const_iterator& operator+=(difference_type steps) noexcept {
        index_ += steps;
        return *this;
    }
    const_iterator& operator-=(difference_type steps) noexcept { return *this += -steps; }
    const_iterator& operator++() noexcept { return *this += 1; }
    const_iterator& operator--() noexcept { return *this -= 1; }
    const_iterator operator++(int) noexcept { return std::exchange(*this, *this + 1); }
    const_iterator operator--(int) noexcept { return std::exchange(*this, *this - 1); }
    friend const_iterator operator+(const_iterator from, difference_type steps) noexcept { return from += steps; }
    friend const_iterator operator+(difference_type steps, const_iterator from) noexcept { return from += steps; }
    friend const_iterator operator-(const_iterator from, difference_type steps) noexcept { return from -= steps; }
    friend difference_type operator-(const_iterator a, const_iterator b) noexcept { return a.index_ - b.index_; }
    friend bool operator==(const_iterator a, const_iterator b) noexcept { return a.index_ == b.index_; }
    friend std::strong_ordering operator<=>(const_iterator a, const_iterator b) noexcept {
        return a.index_ <=> b.index_;
    }

  private:
    friend class AllocationList;
    const_iterator(const AllocationRecord* records, const std::uint32_t* order, std::size_t index) noexcept
        : records_(records), order_(order), index_(static_cast<difference_type>(index)) {}

    const AllocationRecord* records_ = nullptr;
    const std::uint32_t* order_ = nullptr;
    difference_type index_ = 0;
};

inline AllocationList::const_iterator AllocationList::begin() const noexcept { return {records_, order_, 0}; }
inline AllocationList::const_iterator AllocationList::end() const noexcept { return {records_, order_, size_}; }

}  // namespace triune
