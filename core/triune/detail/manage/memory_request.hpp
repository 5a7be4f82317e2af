// SPDX-License-Identifier: Apache-2.0
// What a call wants of memory, for the error that it may get.
#pragma once

#include <cstddef>
#include <string>

#include <triune/detail/track/tracked_pieces.hpp>

namespace triune {

// Refers to the label, of the length of a call.
struct MemoryRequest {
    const std::string& label;  // of the buffer or account
    std::size_t bytes = 0;     // wanted
    std::size_t held = 0;      // that it has already
    // An account's pieces are added up by threads, which is for the error alone.
    const TrackedPieces* pieces = nullptr;

    std::size_t held_bytes() const noexcept { return pieces == nullptr ? held : pieces->piece_bytes(); }
};

}  // namespace triune
