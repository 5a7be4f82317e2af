// SPDX-License-Identifier: Apache-2.0
#include <triune/track/allocation_list.hpp>

#include <stdexcept>
#include <string>

#include <triune/detail/track/listing.hpp>

namespace triune {

static_assert(std::random_access_iterator<AllocationList::const_iterator>);

AllocationList::AllocationList(std::shared_ptr<const Listing> listing) noexcept
    : listing_(std::move(listing)), records_(listing_->records()), order_(listing_->order()), size_(listing_->size()) {}

const AllocationRecord& AllocationList::at(std::size_t index) const {
    if (index < size_) return (*this)[index];
    throw std::out_of_range("record " + std::to_string(index) + " of a list of " + std::to_string(size_));
}

AllocationList::operator std::vector<AllocationRecord>() const { return {begin(), end()}; }

}  // namespace triune
