// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/memory_scope.hpp>

#include <triune/base/log.hpp>
#include <triune/detail/base/printable.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/track/scope_tally.hpp>
#include <triune/manage/manager.hpp>

namespace triune {
namespace {

std::ptrdiff_t net(const ScopeFigures& figures) noexcept {
    return static_cast<std::ptrdiff_t>(figures.allocated_bytes) - static_cast<std::ptrdiff_t>(figures.freed_bytes);
}

}  // namespace

MemoryScope::MemoryScope(const GpuMemoryManager& manager, std::string_view name, ScopeThreads threads)
    : name_(name), core_(manager.core()), tally_(std::make_unique<ScopeTally>(threads)) {
    core_->registry.open(*tally_);
}

MemoryScope::~MemoryScope() {
    close();
    log::debug([&] { return describe(); });
}

void MemoryScope::close() noexcept { core_->registry.close(*tally_); }

ScopeFigures MemoryScope::figures() const noexcept { return core_->registry.figures(*tally_); }

std::ptrdiff_t MemoryScope::net_bytes() const noexcept { return net(figures()); }

AllocationList MemoryScope::alive() const { return core_->registry.records(*tally_); }

std::string MemoryScope::describe() const {
    const ScopeFigures seen = figures();
    return "scope '" + printable(name_) + "': " + std::to_string(seen.allocation_count) + " allocations, " +
           std::to_string(seen.resize_count) + " resizes, " + std::to_string(seen.free_count) + " frees; " +
           std::to_string(seen.allocated_bytes) + " bytes allocated, " + std::to_string(seen.freed_bytes) +
           " freed, net " + std::to_string(net(seen)) + ", peak " + std::to_string(seen.peak_bytes);
}

}  // namespace triune
