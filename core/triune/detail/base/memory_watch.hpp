// SPDX-License-Identifier: Apache-2.0
// What a pool has and which parts of it are in use, for a tool that looks for accesses outside of them.
#pragma once

#include <atomic>
#include <cstddef>

namespace triune {

// Calls of such a tool (NVTX's, offered by the CUDA backend: see TRIUNE_NVTX_MEMORY), or a test's. Called from any
// thread; none may throw. A pool that is watched gives nothing for later than it is asked for.
struct MemoryWatch {
    void (*pool_has)(const void* data, std::size_t bytes) noexcept;
    void (*pool_gives_back)(const void* data) noexcept;
    // Just so many bytes, to the byte; again with another number, from then on so many.
    void (*in_use)(const void* data, std::size_t bytes) noexcept;
    void (*not_in_use)(const void* data) noexcept;
};

namespace detail {

extern constinit std::atomic<const MemoryWatch*> memory_watch;

}  // namespace detail

// `watch` stays for ever; null, as at first, for none. What is in use already is not told.
inline void set_memory_watch(const MemoryWatch* watch) noexcept {
    detail::memory_watch.store(watch, std::memory_order_release);
}
inline const MemoryWatch* memory_watch() noexcept { return detail::memory_watch.load(std::memory_order_acquire); }

}  // namespace triune
