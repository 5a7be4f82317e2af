// SPDX-License-Identifier: Apache-2.0
// The names of the seam's verbs, for messages and for the simulated device's injected failures.
#pragma once

#include <array>
#include <cstddef>

namespace triune {

// In the order of the seam (device.hpp).
enum class Verb {
    memory_info,
    synchronize,
    synchronize_within,
    last_error,
    stream_create,
    stream_destroy,
    stream_synchronize,
    stream_query,
    stream_wait,
    stream_id,
    stream_state,
    stream_call,
    event_create,
    event_destroy,
    event_record,
    event_record_device,
    event_query,
    event_synchronize,
    event_wait,
    copy,
    copy_on_device,
    fill,
    pinned_allocate,
    pinned_release,
    memory_allocate,
    memory_release,
    address_reserve,
    address_release,
    chunk_create,
    chunk_release,
    map,
    set_access,
    unmap,
    peer_access,
    count
};

inline constexpr std::size_t verb_count = static_cast<std::size_t>(Verb::count);

inline constexpr std::array<const char*, verb_count> verb_names = {
    "memory_info",
    "synchronize",
    "synchronize_within",
    "last_error",
    "stream_create",
    "stream_destroy",
    "stream_synchronize",
    "stream_query",
    "stream_wait",
    "stream_id",
    "stream_state",
    "stream_call",
    "event_create",
    "event_destroy",
    "event_record",
    "event_record_device",
    "event_query",
    "event_synchronize",
    "event_wait",
    "copy",
    "copy_on_device",
    "fill",
    "pinned_allocate",
    "pinned_release",
    "memory_allocate",
    "memory_release",
    "address_reserve",
    "address_release",
    "chunk_create",
    "chunk_release",
    "map",
    "set_access",
    "unmap",
    "peer_access",
};

constexpr const char* to_string(Verb verb) noexcept { return verb_names[static_cast<std::size_t>(verb)]; }

}  // namespace triune
