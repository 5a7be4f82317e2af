// SPDX-License-Identifier: Apache-2.0
#include "paper_memory.hpp"

#include <algorithm>

#include <triune/base/status.hpp>

namespace triune::sequences {
namespace {

constexpr std::uint8_t fresh_byte = 0xDB;  // as on the simulated device

}  // namespace

int PaperMemory::reserve(void*& address, std::size_t bytes) {
    if (bytes == 0 || bytes % granularity_ != 0) return cuda_error::invalid_value;
    address = reinterpret_cast<void*>(next_address_);
    reservations_.emplace(next_address_, bytes);
    next_address_ += bytes + granularity_;
    return 0;
}

int PaperMemory::release_reservation(void* address, std::size_t bytes) {
    const auto found = reservations_.find(number(address));
    if (found == reservations_.end() || found->second != bytes) return cuda_error::invalid_value;
    const auto mapping = mappings_.lower_bound(found->first);
    if (mapping != mappings_.end() && mapping->first < found->first + bytes) return cuda_error::invalid_value;
    reservations_.erase(found);
    return 0;
}

int PaperMemory::create(ChunkHandle& chunk, std::size_t bytes) {
    if (bytes == 0 || bytes % granularity_ != 0) return cuda_error::invalid_value;
    if (bytes > free_bytes()) return cuda_error::out_of_memory;
    chunk = next_chunk_++;
    chunks_.emplace(chunk, Chunk{bytes, true, 0, RunLengthMemory(bytes, fresh_byte)});
    chunk_bytes_ += bytes;
    return 0;
}

int PaperMemory::release(ChunkHandle chunk) {
    const auto found = chunks_.find(chunk);
    if (found == chunks_.end() || !found->second.held) return cuda_error::invalid_value;
    found->second.held = false;
    drop_if_unused(chunk);
    return 0;
}

int PaperMemory::map(void* address, ChunkHandle chunk, std::size_t bytes) {
    const auto found = chunks_.find(chunk);
    if (found == chunks_.end() || !found->second.held || found->second.bytes != bytes) return cuda_error::invalid_value;
    const Address begin = number(address);
    const auto behind = mappings_.lower_bound(begin);
    const bool meets_next = behind != mappings_.end() && behind->first < begin + bytes;
    const bool meets_last =
        behind != mappings_.begin() && std::prev(behind)->first + std::prev(behind)->second.bytes > begin;
    if (!owns(address) || meets_next || meets_last) return cuda_error::invalid_value;
    mappings_.emplace(begin, Mapping{chunk, bytes});
    ++found->second.mappings;
    return 0;
}

std::vector<PaperMemory::Mappings::iterator> PaperMemory::whole(const void* address, std::size_t bytes) {
    std::vector<Mappings::iterator> found;
    Address expected = number(address);
    const Address end = expected + bytes;
    for (auto each = mappings_.find(expected); each != mappings_.end() && each->first == expected && expected < end;
         ++each) {
        expected += each->second.bytes;
        found.push_back(each);
    }
    if (expected != end) found.clear();
    return found;
}

int PaperMemory::set_access(void* address, std::size_t bytes) {
    const auto found = whole(address, bytes);
    for (const auto& each : found) each->second.accessible = true;
    return found.empty() ? cuda_error::invalid_value : 0;
}

int PaperMemory::unmap(void* address, std::size_t bytes) {
    const auto found = whole(address, bytes);
    for (const auto& each : found) {
        const ChunkHandle chunk = each->second.chunk;
        mappings_.erase(each);
        --chunks_.at(chunk).mappings;
        drop_if_unused(chunk);
    }
    return found.empty() ? cuda_error::invalid_value : 0;
}

void PaperMemory::drop_if_unused(ChunkHandle chunk) {
    const Chunk& known = chunks_.at(chunk);
    if (known.held || known.mappings > 0) return;
    chunk_bytes_ -= known.bytes;
    chunks_.erase(chunk);
}

bool PaperMemory::owns(const void* address) const {
    const auto behind = reservations_.upper_bound(number(address));
    return behind != reservations_.begin() && number(address) < std::prev(behind)->first + std::prev(behind)->second;
}

std::optional<PieceList> PaperMemory::find(const void* address, std::size_t bytes) const {
    PieceList pieces;
    Address at = number(address);
    const Address end = at + bytes;
    auto each = mappings_.upper_bound(at);
    if (each == mappings_.begin()) return std::nullopt;
    for (--each; at < end; ++each) {
        if (each == mappings_.end() || each->first > at || each->first + each->second.bytes <= at ||
            !each->second.accessible)
            return std::nullopt;
        const std::size_t offset = at - each->first;
        const std::size_t here = std::min(each->second.bytes - offset, end - at);
        pieces.push_back({each->second.chunk, offset, here});
        at += here;
    }
    return pieces;
}

Runs PaperMemory::read(const PieceList& pieces) const {
    Runs found;
    for (const Piece& piece : pieces) {
        for (const Run& run : chunks_.at(piece.chunk).contents.read(piece.offset, piece.bytes)) append(found, run);
    }
    return found;
}

void PaperMemory::write(const PieceList& pieces, const Runs& values) {
    auto run = values.begin();
    std::size_t used = 0;  // of this run
    for (const Piece& piece : pieces) {
        Runs here;
        for (std::size_t left = piece.bytes; left > 0;) {
            const std::size_t some = std::min(left, run->bytes - used);
            append(here, {some, run->value});
            left -= some;
            used += some;
            if (used == run->bytes) ++run, used = 0;
        }
        chunks_.at(piece.chunk).contents.write(piece.offset, here);
    }
}

std::string PaperMemory::describe() const {
    return std::to_string(reservations_.size()) + " reservations, " + std::to_string(mappings_.size()) +
           " mappings and " + std::to_string(chunk_bytes_) + " bytes of chunks";
}

}  // namespace triune::sequences
