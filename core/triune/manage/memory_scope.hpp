// SPDX-License-Identifier: Apache-2.0
// What happens to memory between two points of a program.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <triune/track/allocation_list.hpp>
#include <triune/track/scope_threads.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

class GpuMemoryManager;
class ManagerCore;
class ScopeTally;

// Counts from its construction to close(), or to its end, what the threads it sees do with the manager's buffers,
// owners and members included: its own thread's doings, or everybody's. Scopes may nest and overlap; what happens
// counts in every open one that sees it, so in an inner one and in all outer ones. Where none is open it costs nothing.
// Any thread may read and close it. May outlive the manager.
class MemoryScope {
  public:
    MemoryScope(const GpuMemoryManager& manager, std::string_view name, ScopeThreads threads = ScopeThreads::own);
    MemoryScope(const MemoryScope&) = delete;
    MemoryScope& operator=(const MemoryScope&) = delete;
    // Closes, and logs describe() as debug.
    ~MemoryScope();

    const std::string& name() const noexcept { return name_; }
    // So far, or up to the closing.
    ScopeFigures figures() const noexcept;
    // Allocated less freed: below 0 where more was freed than allocated.
    std::ptrdiff_t net_bytes() const noexcept;
    // What was made inside and is alive now, most bytes first.
    AllocationList alive() const;
    // "scope 'frame': 2 allocations, 1 resizes, 1 frees; 12000 bytes allocated, 4000 freed, net 8000, peak 12000"
    std::string describe() const;
    // Nothing is counted from now on; once more does nothing.
    void close() noexcept;

  private:
    const std::string name_;
    const std::shared_ptr<ManagerCore> core_;
    const std::unique_ptr<ScopeTally> tally_;
};

}  // namespace triune
