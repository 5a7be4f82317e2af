// SPDX-License-Identifier: Apache-2.0
// The memory of a device on paper: chunks, and the addresses at which they are mapped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <triune/device/device.hpp>

#include "run_length_memory.hpp"

namespace triune::sequences {

// A piece of one chunk.
struct Piece {
    ChunkHandle chunk = 0;
    std::size_t offset = 0;
    std::size_t bytes = 0;
};
using PieceList = std::vector<Piece>;

// Addresses are numbers that nobody touches. The verbs answer CUDA's error numbers and refuse what a GPU refuses.
class PaperMemory {
  public:
    PaperMemory(std::size_t capacity_bytes, std::size_t granularity)
        : capacity_(capacity_bytes), granularity_(granularity) {}

    int reserve(void*& address, std::size_t bytes);
    int release_reservation(void* address, std::size_t bytes);
    int create(ChunkHandle& chunk, std::size_t bytes);
    int release(ChunkHandle chunk);
    int map(void* address, ChunkHandle chunk, std::size_t bytes);
    int set_access(void* address, std::size_t bytes);
    int unmap(void* address, std::size_t bytes);

    bool owns(const void* address) const;
    // What lies there; nothing where a byte of it is not mapped or not to be accessed.
    std::optional<PieceList> find(const void* address, std::size_t bytes) const;
    Runs read(const PieceList& pieces) const;
    void write(const PieceList& pieces, const Runs& values);

    std::size_t free_bytes() const noexcept { return capacity_ - chunk_bytes_; }
    std::size_t chunk_bytes() const noexcept { return chunk_bytes_; }
    bool empty() const noexcept { return reservations_.empty() && mappings_.empty() && chunks_.empty(); }
    std::string describe() const;

  private:
    struct Chunk {
        std::size_t bytes;
        bool held = true;
        std::size_t mappings = 0;
        RunLengthMemory contents;
    };
    struct Mapping {
        ChunkHandle chunk;
        std::size_t bytes;
        bool accessible = false;
    };
    using Address = std::uintptr_t;
    using Mappings = std::map<Address, Mapping>;

    static Address number(const void* address) noexcept { return reinterpret_cast<Address>(address); }
    // The mappings that make up just this range; empty where none do.
    std::vector<Mappings::iterator> whole(const void* address, std::size_t bytes);
    void drop_if_unused(ChunkHandle chunk);

    const std::size_t capacity_;
    const std::size_t granularity_;
    std::map<Address, std::size_t> reservations_;
    Mappings mappings_;
    std::map<ChunkHandle, Chunk> chunks_;
    std::size_t chunk_bytes_ = 0;
    Address next_address_ = Address{1} << 44;
    ChunkHandle next_chunk_ = 1;
};

}  // namespace triune::sequences
