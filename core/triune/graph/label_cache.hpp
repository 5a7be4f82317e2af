// SPDX-License-Identifier: Apache-2.0
// Memoised label relabellings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <tuple>
#include <unordered_map>

#include <triune/detail/base/mutex.hpp>
#include <vector>

namespace triune {

// Thread-safe; two threads that miss the same labels at once both compute them.
class LabelCache {
  public:
    using Labels = std::vector<std::int32_t>;
    // A store into a cache that holds more empties it first; the counts go on.
    static constexpr std::size_t max_entries = 1000;

    LabelCache() = default;
    LabelCache(const LabelCache&) = delete;
    LabelCache& operator=(const LabelCache&) = delete;

    // The stored answer for `labels`, or compute(labels), which is stored. compute runs outside the lock; where it
    // throws, nothing is stored.
    Labels get_or_compute(const Labels& labels, const std::function<Labels(const Labels&)>& compute);
    // Hits, misses and hits / (hits + misses), 0 at first.
    std::tuple<std::uint64_t, std::uint64_t, double> stats() const;

  private:
    struct Hash {
        std::size_t operator()(const Labels& labels) const noexcept;
    };

    mutable Mutex mutex_;
    std::unordered_map<Labels, Labels, Hash> entries_;
    std::uint64_t hits_ = 0;
    std::uint64_t misses_ = 0;
};

}  // namespace triune
