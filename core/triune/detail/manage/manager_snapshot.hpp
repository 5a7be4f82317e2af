// SPDX-License-Identifier: Apache-2.0
// A snapshot of a manager, taken by whoever knows its core.
#pragma once

#include <string>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/track/memory_snapshot.hpp>

namespace triune {

// `device` is the name of the core's device. Asks nothing of the device itself. Throws std::bad_alloc.
MemorySnapshot snapshot_of(const ManagerCore& core, const std::string& device, SnapshotDetail detail);

}  // namespace triune
