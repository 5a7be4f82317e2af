// SPDX-License-Identifier: Apache-2.0
#include <triune/graph/label_cache.hpp>

#include "utils/gpu_memory.hpp"

namespace utils {

struct LabelMappingCache::Impl {
    triune::LabelCache cache;
};

LabelMappingCache::LabelMappingCache() : impl_(new Impl) {}
LabelMappingCache::~LabelMappingCache() { delete impl_; }

// Nothing here touches the device, and what `compute` throws is the caller's own: exceptions pass as they are.
LabelMappingCache::Labels LabelMappingCache::get_or_compute_mapping(
    const Labels& labels, const std::function<Labels(const Labels&)>& compute) {
    return impl_->cache.get_or_compute(labels, compute);
}

std::tuple<std::uint64_t, std::uint64_t, double> LabelMappingCache::get_cache_stats() const {
    return impl_->cache.stats();
}

}  // namespace utils
