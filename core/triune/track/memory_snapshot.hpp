// SPDX-License-Identifier: Apache-2.0
// All that a manager's registry says, at one moment.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <triune/track/allocation_list.hpp>
#include <triune/track/memory_layout.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

// A value: it changes no more and may outlive manager and device. Figures and records are of one moment, so that the
// records' bytes, aliases left out, add up to total_allocated_bytes; the pool's figures are of a moment just after.
struct MemorySnapshot {
    std::chrono::system_clock::time_point taken;          // for readers
    TrackedAllocation::Clock::time_point taken_steadily;  // ages count to here
    std::string device;
    std::size_t limit_bytes = 0;
    MemoryFigures figures;
    PoolFigures pool;
    AllocationList records;  // most bytes first, of equal ones the older first
    std::uint32_t manager = 0;  // its number in this process, from 1
    // Null where it was not asked for. Of a moment just after the records', as the pool's figures.
    std::shared_ptr<const MemoryLayout> layout;

    // One object, valid JSON whatever the names are, as docs/schemas/memory-snapshot.json describes it. "version" counts
    // up where a reader must know of a change; what is only added leaves it.
    static constexpr int json_version = 1;
    std::string to_json() const;
    // The figures, and one line for each of the `max_records` biggest: for a log or a terminal.
    std::string to_table(std::size_t max_records = 10) const;
};

// "1.50 MiB"; below 1 KiB "1000 B".
std::string readable_bytes(std::size_t bytes);

}  // namespace triune
