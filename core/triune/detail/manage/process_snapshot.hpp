// SPDX-License-Identifier: Apache-2.0
// Snapshots of all managers of the process.
#pragma once

#include <vector>

#include <triune/detail/manage/ended_managers.hpp>
#include <triune/track/memory_snapshot.hpp>

namespace triune {

// A value. Managers come and go neither while it is taken nor between two of its parts; their buffers do.
struct ProcessSnapshot {
    struct Manager {
        MemorySnapshot memory;
        bool ended = false;          // and buffers that outlive it are alive
        const void* pool = nullptr;  // equal where two share one
    };

    std::vector<Manager> managers;  // the oldest first
    EndedManagers ended;            // none where nobody asked for it

    // Throws std::bad_alloc.
    static ProcessSnapshot of_now(SnapshotDetail detail = SnapshotDetail::records);
};

}  // namespace triune
