// SPDX-License-Identifier: Apache-2.0
#include <triune/track/tracked_pieces.hpp>

#include <algorithm>

namespace triune {

std::size_t TrackedPieces::piece_bytes() const noexcept {
    std::ptrdiff_t sum = shared_.bytes.now();
    parts_.for_each([&](const Part& each) { sum += each.bytes.now(); });
    return bytes_of_sum(sum);
}

// As ThreadTallies::settle(), of these pieces alone.
void TrackedPieces::settle(Part& part) noexcept {
    std::ptrdiff_t others = -part.bytes.now();
    for_each([&](const Part& each) { others += each.bytes.now(); });
    const std::size_t highest = bytes_of_sum(others + part.bytes.high());
    std::size_t peak = peak_.load(std::memory_order_relaxed);
    while (peak < highest && !peak_.compare_exchange_weak(peak, highest, std::memory_order_relaxed)) {
    }
    part.bytes.settle();
}

std::size_t TrackedPieces::settled_peak() noexcept {
    for_each([&](Part& each) { settle(each); });
    return std::max(peak_.load(std::memory_order_relaxed), piece_bytes());
}

}  // namespace triune
