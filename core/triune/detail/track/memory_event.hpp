// SPDX-License-Identifier: Apache-2.0
// One thing that happened to memory, as a recording has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string_view>

#include <triune/detail/base/event_clock.hpp>

namespace triune {

enum class MemoryEventKind : std::uint8_t {
    allocate,  // what held nothing got memory
    grow,
    shrink,
    free,
    download,  // was started
    trim,      // the device got memory back
    failure,   // memory had run out, or the device had failed
};

// "allocate", "grow", ...
constexpr const char* kind_name(MemoryEventKind kind) noexcept {
    constexpr const char* names[] = {"allocate", "grow", "shrink", "free", "download", "trim", "failure"};
    return names[static_cast<std::uint8_t>(kind)];
}

// As whoever notes it knows it; the recorder adds thread and stack.
struct MemoryEvent {
    MemoryEventKind kind = MemoryEventKind::allocate;
    bool on_stream = false;  // false: after all work queued on the device
    bool has_name = false;
    std::uint8_t reason = 0;              // of a failure, an Errc
    std::uint32_t manager = 0;            // Registry::number(); 0: of none
    std::uint64_t id = 0;                 // of the record; 0: of none
    const void* address = nullptr;        // of the block, afterwards or until now
    const void* from = nullptr;           // where it was before, of a growth and a shrinking
    std::size_t bytes = 0;                // afterwards; of a free those that go, of a failure those wanted
    std::size_t bytes_before = 0;         // of a growth and a shrinking
    const void* stream = nullptr;         // as its handle
    std::source_location where;           // kept for good, see Note [Texts of code that goes]; line 0: unknown
    std::string_view name;                // of this call only
    std::uint64_t ticks = event_ticks();  // when
};

}  // namespace triune
