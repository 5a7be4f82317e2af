#include <triune/track/name_index.hpp>

#include <utility>

namespace triune {

NameIndex::NameIndex()
    : bucket_count_(64),
      buckets_(std::make_unique<Set::bucket_type[]>(bucket_count_)),
      by_name_(Set::bucket_traits(buckets_.get(), bucket_count_)) {}

NameIndex::~NameIndex() { by_name_.clear(); }

// One name a bucket at most, on average.
void NameIndex::make_room() {
    if (by_name_.size() < bucket_count_) return;
    auto more = std::make_unique<Set::bucket_type[]>(2 * bucket_count_);
    by_name_.rehash(Set::bucket_traits(more.get(), 2 * bucket_count_));
    bucket_count_ *= 2;
    buckets_ = std::move(more);
}

bool NameIndex::enter(TrackedAllocation& allocation) {
    make_room();
    return by_name_.insert(allocation).second;
}

TrackedAllocation* NameIndex::find(std::string_view name) const noexcept {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : const_cast<TrackedAllocation*>(&*found);
}

void NameIndex::erase(TrackedAllocation& allocation) noexcept { by_name_.erase(by_name_.iterator_to(allocation)); }

}  // namespace triune
