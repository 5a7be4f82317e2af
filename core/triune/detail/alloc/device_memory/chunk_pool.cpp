// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/device_memory/chunk_pool.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/base/environment.hpp>

namespace triune {

std::vector<Chunk> ChunkPool::acquire(std::size_t bytes, Pieces pieces) {
    std::vector<Chunk> acquired;
    const std::lock_guard lock(mutex_);
    std::size_t missing = bytes;
    while (missing > 0) {
        const auto better = [missing](const Chunk& a, const Chunk& b) {
            return (a.bytes <= missing ? a.bytes : 0) < (b.bytes <= missing ? b.bytes : 0);
        };
        const auto best = std::max_element(spare_.begin(), spare_.end(), better);
        if (best == spare_.end() || best->bytes > missing) break;
        if (pieces == Pieces::one && best->bytes < missing) break;
        acquired.push_back(*best);
        *best = spare_.back();
        spare_.pop_back();
        spare_bytes_ -= acquired.back().bytes;
        missing -= acquired.back().bytes;
    }
    const std::size_t piece = pieces == Pieces::one ? missing : piece_of(missing);
    Status created = success;
    while (created.ok() && missing > 0) {
        created = create(std::min(missing, piece), acquired);
        if (created.ok()) missing -= acquired.back().bytes;
    }
    if (!created.ok()) {
        for (const Chunk& chunk : acquired) keep(chunk);
        check(created, "creating " + byte_text(missing) + " of device memory");
    }
    out_ += acquired.size();
    return acquired;
}

std::size_t ChunkPool::max_whole_bytes() noexcept {
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    static const environment::Number mebibytes("TRIUNE_WHOLE_CHUNK_MIB", 64, most);
    return mebibytes.value() * MiB;
}

// What `bytes` are made of where many chunks may be.
std::size_t ChunkPool::piece_of(std::size_t bytes) const noexcept {
    if (bytes <= max_whole_bytes()) return bytes;
    return round_up(bytes / 2, device_.properties().chunk_granularity);
}

// Room is made before the device is asked, so that a chunk that exists is never dropped.
Status ChunkPool::create(std::size_t bytes, std::vector<Chunk>& acquired) noexcept {
    Chunk chunk{0, bytes};
    try {
        acquired.reserve(acquired.size() + 1);
        const std::size_t all = spare_.size() + out_ + acquired.size() + 1;
        if (spare_.capacity() < all) spare_.reserve(std::max<std::size_t>(2 * all, 16));
    } catch (...) {
        return {cuda_error::out_of_memory, "chunk_create"};
    }
    Status created = device_.chunk_create(chunk.handle, bytes);
    if (created.cuda_error == cuda_error::out_of_memory && trim_locked() > 0) {
        created = device_.chunk_create(chunk.handle, bytes);
    }
    if (created.ok()) acquired.push_back(chunk);
    return created;
}

void ChunkPool::release(Chunk chunk) noexcept {
    const std::lock_guard lock(mutex_);
    --out_;
    keep(chunk);
}

void ChunkPool::keep(Chunk chunk) noexcept {
    if (chunk.bytes > max_spare_bytes_ - std::min(spare_bytes_, max_spare_bytes_)) {
        return report_teardown(device_.chunk_release(chunk.handle), "releasing device memory");
    }
    spare_.push_back(chunk);
    spare_bytes_ += chunk.bytes;
}

std::size_t ChunkPool::trim() noexcept {
    const std::lock_guard lock(mutex_);
    return trim_locked();
}

std::size_t ChunkPool::trim_locked() noexcept {
    for (const Chunk& chunk : spare_) report_teardown(device_.chunk_release(chunk.handle), "releasing device memory");
    spare_.clear();
    return std::exchange(spare_bytes_, 0);
}

std::size_t ChunkPool::spare_bytes() const {
    const std::lock_guard lock(mutex_);
    return spare_bytes_;
}

std::size_t ChunkPool::spare_bytes(std::size_t max) const {
    const std::lock_guard lock(mutex_);
    std::size_t fitting = 0;
    for (const Chunk& chunk : spare_) fitting += chunk.bytes <= max ? chunk.bytes : 0;
    return std::min(fitting, max);
}

}  // namespace triune
