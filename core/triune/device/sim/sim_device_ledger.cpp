// SPDX-License-Identifier: Apache-2.0
// SimLedger: what is alive, in numbers and in words.
#include <triune/device/sim/sim_device.hpp>

namespace triune::sim {

bool SimLedger::balanced() const noexcept {
    return streams == 0 && events == 0 && reservations == 0 && chunks == 0 && mappings == 0 && allocations == 0 &&
           pinned_allocations == 0;
}

std::string SimLedger::describe() const {
    std::string text;
    const auto add = [&text](std::size_t count, const char* noun, std::size_t bytes) {
        if (count == 0) return;
        if (!text.empty()) text += ", ";
        text += std::to_string(count) + ' ' + noun;
        if (bytes > 0) text += " of " + std::to_string(bytes) + " bytes";
    };
    add(streams, "streams", 0);
    add(events, "events", 0);
    add(reservations, "reservations", reserved_bytes);
    add(chunks, "chunks", chunk_bytes);
    add(mappings, "mappings", 0);
    add(allocations, "allocations", allocated_bytes);
    add(pinned_allocations, "pinned allocations", pinned_bytes);
    return text.empty() ? "nothing is alive" : text;
}

}  // namespace triune::sim
