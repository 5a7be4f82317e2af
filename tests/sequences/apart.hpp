// SPDX-License-Identifier: Apache-2.0
// No two things that are alive share memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

#include "paper_memory.hpp"
#include "world.hpp"

namespace triune::sequences {

using Places = std::vector<std::pair<const void*, std::size_t>>;

// Throws std::logic_error where two places share a byte of physical memory, under whatever address, or where one cannot
// be used.
inline void require_apart(const PaperMemory& memory, const Places& places) {
    std::vector<std::tuple<ChunkHandle, std::size_t, std::size_t>> used;
    for (const auto& [address, bytes] : places) {
        if (bytes == 0) continue;
        const auto pieces = memory.find(address, bytes);
        require(pieces.has_value(), "what is alive is not mapped");
        for (const Piece& piece : *pieces) used.emplace_back(piece.chunk, piece.offset, piece.offset + piece.bytes);
    }
    std::sort(used.begin(), used.end());
    for (std::size_t i = 1; i < used.size(); ++i) {
        const bool apart =
            std::get<0>(used[i - 1]) != std::get<0>(used[i]) || std::get<2>(used[i - 1]) <= std::get<1>(used[i]);
        require(apart, "two that are alive share memory");
    }
}

}  // namespace triune::sequences
