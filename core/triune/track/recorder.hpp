// SPDX-License-Identifier: Apache-2.0
// Records what happens to memory, of all managers of the process, while it is asked to.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <triune/base/units.hpp>
#include <triune/detail/track/memory_event.hpp>

namespace triune::recorder {
// What is recorded, and where to.
struct Options {
    // Where the events go as they come; a thread of the recorder writes them, some milliseconds later. Empty: nowhere,
    // the newest stay in memory.
    std::string file;
    // Of memory for each thread that uses the library: about 13,000 events a MiB. Where a thread has more than that the
    // oldest go; with a file, where it has more than the disk takes meanwhile.
    std::size_t bytes_per_thread = 4 * MiB;
    // Whether each event has the calls that led there; some microseconds each.
    bool stacks = false;
};

namespace detail {

extern constinit std::atomic<bool> on;

}  // namespace detail

// All functions are safe from any thread. While it is off it costs an allocation one load.
inline bool is_on() noexcept { return detail::on.load(std::memory_order_relaxed); }

// From now on events are recorded; what a former recording left in memory is gone. Takes some milliseconds. Throws
// invalid_argument where a recording is on, or where the file cannot be written.
void start(const Options& options = {});
// No more events. With a file: writes what is left and closes it. Nothing where none is on. A program's end stops it,
// too.
void stop() noexcept;
// What is in memory, as lines of JSON (docs/looking-inside.md); of one with a file nothing but head and end. May be
// asked while the recording is on. Throws std::bad_alloc.
std::string text();
// The same to a file. Throws invalid_argument where that cannot be written.
void write(const std::string& file);
// A snapshot, as MemorySnapshot::to_json() writes it, becomes part of a recording with a file, where one is on.
// Managers that go add their own.
void append_snapshot(std::string_view json);
// Events that were noted and are no more, since start().
std::uint64_t lost_count();

// The library notes by this, while is_on().
void note(const MemoryEvent& event) noexcept;

}  // namespace triune::recorder
