// SPDX-License-Identifier: Apache-2.0
// What the managers tell the recorder.
#pragma once

#include <cstddef>
#include <string_view>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/device/stream_order.hpp>
#include <triune/track/recorder.hpp>

namespace triune::recording {

// An event of `of`, which is `core`'s, as of now; the caller adds address and bytes, and notes it when it knows that
// the call succeeds.
MemoryEvent event(MemoryEventKind kind, const ManagerCore& core, const TrackedAllocation& of,
                  StreamOrder order) noexcept;

// Each of these notes what has happened, or is about to, and is to be called while recorder::is_on().
void freed(const ManagerCore& core, const TrackedAllocation& of, StreamOrder order, const void* address,
           std::size_t bytes) noexcept;
// From `before` bytes at `from` to `bytes` at `address`.
void resized(const ManagerCore& core, const TrackedAllocation& of, StreamOrder order, const void* from,
             std::size_t before, const void* address, std::size_t bytes) noexcept;
void download_started(std::string_view name, StreamOrder order, std::size_t bytes) noexcept;
void trimmed(std::size_t bytes) noexcept;
// For the reason that the exception tells which is being handled.
void failed(const ManagerCore& core, const TrackedAllocation& of, std::size_t bytes) noexcept;

// Where TRIUNE_RECORD names a file a recording begins, once, and ends with the process. A "%p" in it becomes the
// process's number. What fails is logged. From now on a recording that is on when the process ends gets a snapshot of
// each manager that is there then.
void start_if_asked() noexcept;

}  // namespace triune::recording
