// SPDX-License-Identifier: Apache-2.0
// Where a device's memory lies: segments with their spans, aliases, caches and pinned host memory, at one moment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace triune {

// A value of addresses that nobody may follow: what lies there may be gone. Texts are literals.
struct MemoryLayout {
    // A piece of a segment in one state.
    struct Span {
        std::uintptr_t address = 0;
        std::size_t bytes = 0;
        const char* state = "";   // "allocated", "cached", "stream_free", "pending_free", "free", "unmapped", "moving"
        std::uint64_t owner = 0;  // id of the record whose memory it is; 0: none's of this manager
    };
    // A range of addresses that the device gave as one.
    struct Segment {
        std::uintptr_t address = 0;
        std::size_t bytes = 0;  // of addresses
        const char* kind = "";  // "small", "large": of the pool; "plain": without virtual memory; "mapping": a buffer's
        std::vector<Span> spans;  // side by side, without a gap
    };
    // Chunks of the pool that are mapped a second time, side by side.
    struct Alias {
        std::uintptr_t address = 0;
        std::size_t bytes = 0;
        std::vector<std::uintptr_t> chunks;  // where each has its primary mapping
    };
    // Free memory that is kept outside of the segments' lists.
    struct Cache {
        const char* kind = "";   // "thread", "between_threads", "retired_mappings", "spare_chunks"
        std::size_t number = 0;  // of the thread's cache, from 0
        std::size_t bytes = 0;
        std::size_t blocks = 0;  // 0 where they are not counted
    };
    // A block of pinned host memory.
    struct Pinned {
        std::uintptr_t address = 0;
        std::size_t bytes = 0;
        bool in_use = false;  // by a download or a host allocation; else kept for the next
    };

    std::vector<Segment> segments;
    std::vector<Alias> aliases;
    std::vector<Cache> caches;
    std::vector<Pinned> pinned;
    std::vector<std::uintptr_t> addresses;  // of the snapshot's records, in their order; 0 where unknown or nothing
};

// How much a snapshot tells.
enum class SnapshotDetail {
    records,  // figures and records
    layout,   // and where all memory lies: holds the pool's lock for a walk over its spans
};

}  // namespace triune
