// SPDX-License-Identifier: Apache-2.0
// Physical chunks: pieces of one memory file, alive while held or mapped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include <triune/device/device.hpp>

namespace triune::sim {

// Note [One memory file]
// A chunk is a piece of the device's memory file, so that mapping it at another address shows the same bytes. A file
// for each chunk would meet the limit on open files after a few GiB in 2 MiB chunks. Pieces never overlap and are never
// reused: the file is sparse, and what a dead chunk held is punched out of it.
//
// Not thread-safe: sim_memory.cpp locks.
class SimChunks {
  public:
    SimChunks() = default;
    ~SimChunks();
    SimChunks(const SimChunks&) = delete;
    SimChunks& operator=(const SimChunks&) = delete;

    struct Chunk {
        std::int64_t offset;
        std::size_t bytes;
        std::size_t mappings;
        bool held;  // not released yet
    };

    // False where the machine has no memory for it.
    bool create(std::size_t bytes, ChunkHandle& handle);
    // Null where the handle is unknown or released.
    const Chunk* find(ChunkHandle handle) const;
    // `handle` is held. The bytes that became free with it: 0 while it is mapped.
    std::size_t release(ChunkHandle handle) noexcept;

    // Maps a held chunk over reserved pages, not to be touched yet; false where the machine refuses.
    bool map(ChunkHandle handle, char* pages);
    // Gives the pages back to their reservation. The bytes that became free with it.
    std::size_t unmap(ChunkHandle handle, char* pages, std::size_t bytes) noexcept;

    std::size_t count() const noexcept { return chunks_.size(); }
    std::size_t bytes() const noexcept { return bytes_; }

  private:
    bool poison_piece(std::int64_t offset, std::size_t bytes) noexcept;
    std::size_t drop_if_unused(ChunkHandle handle) noexcept;

    int file_ = -1;  // opened at the first chunk
    std::int64_t end_ = 0;
    std::unordered_map<ChunkHandle, Chunk> chunks_;
    std::size_t bytes_ = 0;
};

}  // namespace triune::sim
