// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/tracked_pieces.hpp>

namespace triune {

std::size_t TrackedPieces::piece_bytes() const noexcept {
    std::ptrdiff_t sum = shared_.bytes.now();
    parts_.for_each([&](const Part& each) { sum += each.bytes.now(); });
    return bytes_of_sum(sum);
}

// As ThreadTallies::add_up(), of these pieces alone.
void TrackedPieces::add_up(Part& part) noexcept {
    peak_.note(piece_bytes());
    part.bytes.note_added();
}

void TrackedPieces::raise(Part& part, std::size_t bytes) noexcept {
    if (part.bytes.raise(bytes, tallies_.step())) add_up(part);
}

void TrackedPieces::lower(Part& part, std::size_t bytes) noexcept {
    if (part.bytes.leaves_what_was_added(bytes)) add_up(part);
    part.bytes.lower(bytes, tallies_.step());
}

std::size_t TrackedPieces::peak_bytes() noexcept {
    peak_.note(piece_bytes());
    return peak_.bytes();
}

}  // namespace triune
