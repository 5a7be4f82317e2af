// SPDX-License-Identifier: Apache-2.0
// What a manager counts, and what it tells about each buffer.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <triune/detail/track/figures.hpp>

namespace triune {
// What is told of one named buffer.
struct BufferStats {
    std::string name;
    std::size_t capacity_bytes = 0;
    std::size_t allocated_bytes = 0;  // of the capacity, those in use
    float utilization = 0;            // allocated / capacity; 0 where nothing is allocated
    double age_seconds = 0;
    double last_access_seconds = 0;  // since the buffer was last used through the library
};

// clang-format off
#define TRIUNE_MEMORY_FIGURES(figure)                                                                    \
    figure(total_allocated_bytes, "capacities of live buffers, as asked for")                            \
    figure(peak_allocated_bytes, "the highest total there was, or since the peak was reset")             \
    figure(buffer_count, "live buffers, those that hold nothing yet included")                           \
    figure(allocation_count, "how often a buffer that held nothing got memory")                          \
    figure(resize_count, "how often a buffer that held memory got more or less")                         \
    figure(free_count, "how often a buffer that held memory was freed")                                  \
    figure(async_transfer_count, "downloads started")

#define TRIUNE_POOL_FIGURES(figure)                                                                      \
    figure(reserved_bytes, "what the device's pool has from the device; the five below add up to it")    \
    figure(live_bytes, "blocks in use, rounded up")                                                      \
    figure(cached_bytes, "kept by threads for their streams")                                            \
    figure(waiting_bytes, "freed, but queued work may still use them")                                   \
    figure(idle_bytes, "free for the next request")                                                      \
    figure(lost_bytes, "never handed out again: their free could not be ordered")                        \
    figure(live_blocks, "blocks in use")                                                                 \
    figure(retired_bytes, "mapped for buffers that are gone, kept for the next of their size")           \
    figure(spare_chunk_bytes, "physical memory that is mapped nowhere, kept for the next")                   \
    figure(pinned_spare_bytes, "pinned host memory kept for the next download")                          \
    figure(pin_count, "how often host memory was pinned: constant in a steady program")

#define TRIUNE_SCOPE_FIGURES(figure)                                                                     \
    figure(allocation_count, "how often a buffer that held nothing got memory")                          \
    figure(resize_count, "how often a buffer that held memory got more or less")                         \
    figure(free_count, "how often a buffer that held memory was freed")                                  \
    figure(allocated_bytes, "added by allocations and growths")                                          \
    figure(freed_bytes, "given up by frees and shrinkings, of memory from before the scope too")         \
    figure(peak_bytes, "the highest that allocated less freed ever reached")
// clang-format on

// Counts what one manager's buffers asked for.
TRIUNE_DEFINE_FIGURES(MemoryFigures, TRIUNE_MEMORY_FIGURES);
// What all managers of the device share; buffers with a growable mapping of their own take nothing of it.
TRIUNE_DEFINE_FIGURES(PoolFigures, TRIUNE_POOL_FIGURES);
// What happened inside a scope.
TRIUNE_DEFINE_FIGURES(ScopeFigures, TRIUNE_SCOPE_FIGURES);

#undef TRIUNE_MEMORY_FIGURES
#undef TRIUNE_POOL_FIGURES
#undef TRIUNE_SCOPE_FIGURES

// The figures and the buffers are of one moment, the pool's of one just after.
struct Statistics : MemoryFigures {
    std::vector<BufferStats> buffer_stats;  // named buffers, oldest first
    PoolFigures pool;
};

}  // namespace triune
