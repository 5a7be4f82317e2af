// SPDX-License-Identifier: Apache-2.0
// The registry's part of a scope: what happens while it is open.
#pragma once

#include <boost/intrusive/list_hook.hpp>
#include <cstddef>
#include <cstdint>
#include <thread>

#include <triune/track/scope_threads.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

// Opened, read and closed by Registry, which links it; must stay where it is until it is closed.
class ScopeTally {
  public:
    explicit ScopeTally(ScopeThreads threads) noexcept
        : thread_(threads == ScopeThreads::own ? std::this_thread::get_id() : std::thread::id()) {}
    ScopeTally(const ScopeTally&) = delete;
    ScopeTally& operator=(const ScopeTally&) = delete;

  private:
    friend class Registry;
    using Link = boost::intrusive::link_mode<boost::intrusive::normal_link>;

    bool sees(std::thread::id thread) const noexcept { return thread_ == std::thread::id() || thread_ == thread; }
    void add(std::size_t bytes) noexcept {
        figures_.allocated_bytes += bytes;
        const std::size_t allocated = figures_.allocated_bytes;
        const std::size_t freed = figures_.freed_bytes;
        if (allocated > freed && allocated - freed > figures_.peak_bytes) figures_.peak_bytes = allocated - freed;
    }

    const std::thread::id thread_;  // no thread's id: all are seen
    boost::intrusive::list_member_hook<Link> among_open_;
    bool open_ = false;
    std::uint64_t before_ = 0;  // ids above this one are of allocations made inside
    std::uint64_t last_ = 0;    // and, once closed, up to this one
    ScopeFigures figures_;
};

}  // namespace triune
