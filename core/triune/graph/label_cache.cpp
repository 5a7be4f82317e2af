// SPDX-License-Identifier: Apache-2.0
#include <triune/graph/label_cache.hpp>

#include <boost/container_hash/hash.hpp>
#include <mutex>

namespace triune {

std::size_t LabelCache::Hash::operator()(const Labels& labels) const noexcept {
    return boost::hash_range(labels.begin(), labels.end());
}

LabelCache::Labels LabelCache::get_or_compute(const Labels& labels,
                                              const std::function<Labels(const Labels&)>& compute) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = entries_.find(labels); found != entries_.end()) {
            ++hits_;
            return found->second;
        }
        ++misses_;
    }
    Labels computed = compute(labels);
    const std::lock_guard lock(mutex_);
    if (entries_.size() > max_entries) entries_.clear();
    entries_.insert_or_assign(labels, computed);
    return computed;
}

std::tuple<std::uint64_t, std::uint64_t, double> LabelCache::stats() const {
    const std::lock_guard lock(mutex_);
    const std::uint64_t asked = hits_ + misses_;
    return {hits_, misses_, asked == 0 ? 0.0 : static_cast<double>(hits_) / static_cast<double>(asked)};
}

}  // namespace triune
