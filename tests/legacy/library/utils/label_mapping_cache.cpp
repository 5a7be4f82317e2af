#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "utils/gpu_memory.hpp"

namespace utils {

namespace {

constexpr std::size_t kMaximumEntries = 1000;

// FNV-1a over the labels' bytes.
struct HashLabels {
    std::size_t operator()(const LabelMappingCache::Labels& labels) const noexcept {
        std::uint64_t hash = 14695981039346656037U;
        for (const std::int32_t label : labels) {
            const auto bits = static_cast<std::uint32_t>(label);
            for (unsigned shift = 0; shift < 32; shift += 8) {
                hash = (hash ^ ((bits >> shift) & 0xFFU)) * 1099511628211U;
            }
        }
        return static_cast<std::size_t>(hash);
    }
};

}  // namespace

struct LabelMappingCache::Impl {
    mutable std::mutex mutex;
    std::unordered_map<Labels, Labels, HashLabels> mappings;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
};

LabelMappingCache::LabelMappingCache() : impl_(new Impl) {}
LabelMappingCache::~LabelMappingCache() { delete impl_; }

LabelMappingCache::Labels LabelMappingCache::get_or_compute_mapping(
    const Labels& labels, const std::function<Labels(const Labels&)>& compute) {
    {
        const std::lock_guard<std::mutex> lock(impl_->mutex);
        const auto found = impl_->mappings.find(labels);
        if (found != impl_->mappings.end()) {
            ++impl_->hits;
            return found->second;
        }
        ++impl_->misses;
    }
    // Outside the lock: other threads need not wait for a slow mapping, and two may compute the same one.
    Labels mapping = compute(labels);
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    if (impl_->mappings.size() > kMaximumEntries) {
        impl_->mappings.clear();
    }
    impl_->mappings[labels] = mapping;
    return mapping;
}

std::tuple<std::uint64_t, std::uint64_t, double> LabelMappingCache::get_cache_stats() const {
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    const std::uint64_t lookups = impl_->hits + impl_->misses;
    const double rate = lookups == 0 ? 0.0 : static_cast<double>(impl_->hits) / static_cast<double>(lookups);
    return {impl_->hits, impl_->misses, rate};
}

}  // namespace utils
