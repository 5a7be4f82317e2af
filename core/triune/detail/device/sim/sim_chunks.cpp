// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_chunks.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <triune/base/units.hpp>
#include <triune/detail/device/sim/sim_pages.hpp>

namespace triune::sim {

namespace {

// Shared by all devices, so that a chunk of another device is unknown here.
std::atomic<ChunkHandle> chunks_made{0};

constexpr std::size_t poison_piece_bytes = 256 * KiB;

const unsigned char* poisoned_piece() noexcept {
    static unsigned char piece[poison_piece_bytes];
    static const bool filled = std::memset(piece, poison_byte, sizeof(piece)) != nullptr;
    static_cast<void>(filled);
    return piece;
}

}  // namespace

SimChunks::~SimChunks() {
    if (file_ >= 0) close(file_);
}

bool SimChunks::create(std::size_t bytes, ChunkHandle& handle) {
    if (file_ < 0) file_ = memfd_create("triune-device-memory", MFD_CLOEXEC);
    const std::int64_t offset = end_;
    if (file_ < 0 || ftruncate(file_, offset + static_cast<std::int64_t>(bytes)) != 0) return false;
    const ChunkHandle made = ++chunks_made;
    chunks_.emplace(made, Chunk{offset, bytes, 0, true});
    // The piece is spent even where the rest fails: the next one lies behind it.
    end_ = offset + static_cast<std::int64_t>(bytes);
    bytes_ += bytes;
    if (!poison_piece(offset, bytes)) {
        release(made);
        return false;
    }
    handle = made;
    return true;
}

bool SimChunks::poison_piece(std::int64_t offset, std::size_t bytes) noexcept {
    // Written rather than mapped and set: each page of a mapping is a fault, which costs many times what the bytes do.
    for (std::size_t left = std::min(bytes, poison_most); left > 0;) {
        const std::size_t part = std::min(left, poison_piece_bytes);
        // Past the thread sanitizer, which would look at each byte that pwrite() reads.
        if (syscall(SYS_pwrite64, file_, poisoned_piece(), part, offset) != static_cast<long>(part)) return false;
        offset += static_cast<std::int64_t>(part);
        left -= part;
    }
    return true;
}

const SimChunks::Chunk* SimChunks::find(ChunkHandle handle) const {
    const auto found = chunks_.find(handle);
    return found == chunks_.end() || !found->second.held ? nullptr : &found->second;
}

std::size_t SimChunks::release(ChunkHandle handle) noexcept {
    chunks_.find(handle)->second.held = false;
    return drop_if_unused(handle);
}

bool SimChunks::map(ChunkHandle handle, char* pages) {
    Chunk& chunk = chunks_.find(handle)->second;
    void* const mapped = mmap(pages, chunk.bytes, PROT_NONE, MAP_SHARED | MAP_FIXED, file_, chunk.offset);
    if (mapped == MAP_FAILED) return false;
    // A forked child has no device: without this its writes would reach the parent's memory.
    madvise(mapped, chunk.bytes, MADV_DONTFORK);
    ++chunk.mappings;
    return true;
}

std::size_t SimChunks::unmap(ChunkHandle handle, char* pages, std::size_t bytes) noexcept {
    shut_pages(pages, bytes);
    --chunks_.find(handle)->second.mappings;
    return drop_if_unused(handle);
}

std::size_t SimChunks::drop_if_unused(ChunkHandle handle) noexcept {
    const auto found = chunks_.find(handle);
    const Chunk chunk = found->second;
    if (chunk.held || chunk.mappings > 0) return 0;
    fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, chunk.offset, static_cast<std::int64_t>(chunk.bytes));
    chunks_.erase(found);
    bytes_ -= chunk.bytes;
    return chunk.bytes;
}

}  // namespace triune::sim
