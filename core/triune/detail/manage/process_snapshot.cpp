// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/process_snapshot.hpp>

#include <string>

#include <triune/detail/manage/live_managers.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/manager_snapshot.hpp>

namespace triune {

ProcessSnapshot ProcessSnapshot::of_now(SnapshotDetail detail) {
    ProcessSnapshot taken;
    LiveManagers::for_each([&](const ManagerCore& core, const std::string& device) {
        taken.managers.push_back({snapshot_of(core, device, detail), core.registry.is_held(), core.resources.get()});
    });
    taken.ended = EndedManagers::all();
    return taken;
}

}  // namespace triune
