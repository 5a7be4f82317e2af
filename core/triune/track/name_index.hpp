// Live allocations by name.
#pragma once

#include <boost/intrusive/unordered_set.hpp>
#include <cstddef>
#include <memory>
#include <string_view>

#include <triune/track/tracked_allocation.hpp>

namespace triune {

// Links what it finds and owns nothing of it. Not thread-safe: the registry's mutex is around it.
class NameIndex {
  public:
    NameIndex();
    NameIndex(const NameIndex&) = delete;
    NameIndex& operator=(const NameIndex&) = delete;
    ~NameIndex();

    // False, nothing changed, where the name is taken. Throws std::bad_alloc, then nothing has changed either.
    bool enter(TrackedAllocation& allocation);
    // Null where there is none.
    TrackedAllocation* find(std::string_view name) const noexcept;
    // Any, null where there is none.
    TrackedAllocation* any() noexcept { return by_name_.empty() ? nullptr : &*by_name_.begin(); }
    void erase(TrackedAllocation& allocation) noexcept;
    // Of all that `chosen` says true for: erases it, then hands it to `take`, which must not throw.
    template <typename Chosen, typename Take>
    void erase_if(Chosen&& chosen, Take&& take) {
        for (auto each = by_name_.begin(); each != by_name_.end();) {
            TrackedAllocation& allocation = *each++;
            if (!chosen(allocation)) continue;
            erase(allocation);
            take(allocation);
        }
    }

    std::size_t size() const noexcept { return by_name_.size(); }

  private:
    struct Name {
        using type = std::string_view;
        std::string_view operator()(const TrackedAllocation& allocation) const noexcept { return allocation.name_; }
    };
    using Hook = boost::intrusive::unordered_set_member_hook<TrackedAllocation::Link>;
    using Set = boost::intrusive::unordered_set<
        TrackedAllocation, boost::intrusive::member_hook<TrackedAllocation, Hook, &TrackedAllocation::by_name_>,
        boost::intrusive::key_of_value<Name>, boost::intrusive::hash<std::hash<std::string_view>>,
        boost::intrusive::equal<std::equal_to<std::string_view>>, boost::intrusive::power_2_buckets<true>,
        boost::intrusive::cache_begin<true>>;

    void make_room();

    std::size_t bucket_count_;
    std::unique_ptr<Set::bucket_type[]> buckets_;
    Set by_name_;
};

}  // namespace triune
