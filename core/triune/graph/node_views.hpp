// SPDX-License-Identifier: Apache-2.0
// One snapshot of three arrays of node data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <tuple>
#include <vector>

#include <triune/manage/host_view.hpp>

namespace triune {

using NodeVectors = std::tuple<std::vector<float>, std::vector<float>, std::vector<float>>;  // x, y, z

// From so many nodes on each array of a snapshot is copied by a thread of its own, where each has a core: see Note
// [Threads of one call], and tools/bench/snapshots.cpp for the curve behind it.
inline constexpr std::size_t nodes_worth_threads = 100'000;

// All of one moment; in pinned memory, but for the zeros before the first download has landed. See HostView for how
// long it is valid.
struct NodeViews {
    HostView<float> x, y, z;

    std::size_t size() const noexcept { return x.size(); }
    std::uint64_t sequence() const noexcept { return x.sequence(); }
    // A copy that is the caller's own. Throws std::bad_alloc.
    NodeVectors to_vectors() const;
    // The same; once other threads, where they pay, have begun, `meanwhile` runs on this one. Throws what that throws.
    NodeVectors to_vectors(const std::function<void()>& meanwhile) const;
    // The same, by three threads or by the calling one alone.
    NodeVectors to_vectors(bool with_threads, const std::function<void()>& meanwhile = {}) const;
};

}  // namespace triune
