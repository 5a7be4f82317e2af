// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/manager_snapshot.hpp>

#include <chrono>
#include <utility>

#include <triune/detail/manage/layout_reader.hpp>

namespace triune {

MemorySnapshot snapshot_of(const ManagerCore& core, const std::string& device, SnapshotDetail detail) {
    MemorySnapshot snapshot;
    Registry::Contents contents = core.registry.contents();
    snapshot.taken = std::chrono::system_clock::now();
    snapshot.taken_steadily = TrackedAllocation::Clock::now();
    snapshot.device = device;
    snapshot.limit_bytes = core.memory.limit();
    snapshot.figures = contents.figures;
    snapshot.pool = core.pool_figures();
    snapshot.manager = core.registry.number();
    snapshot.records = std::move(contents.records);
    if (detail == SnapshotDetail::layout) snapshot.layout = LayoutReader(core).read(snapshot.records);
    return snapshot;
}

}  // namespace triune
