// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_memory.hpp>

#include <cstring>
#include <mutex>

#include <sys/mman.h>

namespace triune::sim {

namespace {

std::string range_text(const void* address, std::size_t bytes) {
    return std::to_string(bytes) + " bytes at " + address_text(address);
}

template <class Element>
void fill_elements(void* to, std::uint32_t value, std::size_t count) {
    const auto element = static_cast<Element>(value);
    char* next = static_cast<char*>(to);
    for (std::size_t i = 0; i < count; ++i, next += sizeof element) std::memcpy(next, &element, sizeof element);
}

}  // namespace

SimMemory::SimMemory(const SimOptions& options, SimMisuse& misuse)
    : capacity_(options.capacity_bytes),
      granularity_(options.chunk_granularity),
      misuse_(misuse),
      plain_(Place::device, options.capacity_bytes),
      pinned_(Place::pinned, options.capacity_bytes) {}

int SimMemory::refuse(int error, const std::string& sentence) const {
    misuse_.add(sentence);
    return error;
}

bool SimMemory::aligned(const void* address, std::size_t bytes) const noexcept {
    return (reinterpret_cast<std::uintptr_t>(address) | bytes) % granularity_ == 0;
}

int SimMemory::allocate(void*& address, std::size_t bytes) {
    if (bytes == 0) return 0;
    const Unique lock(mutex_);
    if (bytes > capacity_ - used()) return cuda_error::out_of_memory;
    void* const made = plain_.allocate(bytes);
    if (!made) return cuda_error::out_of_memory;
    address = made;
    return 0;
}

int SimMemory::release(void* address) {
    if (!address) return 0;
    const Unique lock(mutex_);
    if (plain_.release(address) > 0) return 0;
    return refuse(cuda_error::invalid_value, "memory_release of " + address_text(address) + ", which is no allocation");
}

int SimMemory::pinned_allocate(void*& address, std::size_t bytes) {
    if (bytes == 0) return 0;
    const Unique lock(mutex_);
    void* const made = pinned_.allocate(bytes);
    if (!made) return cuda_error::out_of_memory;
    address = made;
    return 0;
}

int SimMemory::pinned_release(void* address) {
    if (!address) return 0;
    const Unique lock(mutex_);
    if (pinned_.release(address) > 0) return 0;
    return refuse(cuda_error::invalid_value, "pinned_release of " + address_text(address) + ", which is not pinned");
}

int SimMemory::reserve(void*& address, std::size_t bytes) {
    if (bytes == 0) return 0;
    if (bytes % granularity_ != 0) return cuda_error::invalid_value;
    const Unique lock(mutex_);
    char* const made = reservations_.reserve(bytes, granularity_);
    if (!made) return cuda_error::out_of_memory;
    address = made;
    return 0;
}

int SimMemory::release_reservation(void* address, std::size_t bytes) {
    if (bytes == 0) return 0;
    const Unique lock(mutex_);
    const auto* const reservation = reservations_.find_start(static_cast<char*>(address));
    if (!reservation || reservation->bytes != bytes) {
        return refuse(cuda_error::invalid_value,
                      "address_release of " + range_text(address, bytes) + ", no reservation");
    }
    if (!reservation->mappings.empty()) {
        return refuse(cuda_error::invalid_value, "address_release of " + range_text(address, bytes) + " with " +
                                                     std::to_string(reservation->mappings.size()) +
                                                     " mappings still in it");
    }
    reservations_.release(static_cast<char*>(address));
    return 0;
}

int SimMemory::chunk_create(ChunkHandle& chunk, std::size_t bytes) {
    if (bytes == 0) return 0;
    if (bytes % granularity_ != 0) return cuda_error::invalid_value;
    const Unique lock(mutex_);
    if (bytes > capacity_ - used()) return cuda_error::out_of_memory;
    return chunks_.create(bytes, chunk) ? 0 : cuda_error::out_of_memory;
}

int SimMemory::chunk_release(ChunkHandle chunk) {
    const Unique lock(mutex_);
    if (!chunks_.find(chunk)) {
        return refuse(cuda_error::invalid_value, "chunk_release of " + std::to_string(chunk) + ", no chunk");
    }
    chunks_.release(chunk);
    return 0;
}

int SimMemory::map(void* address, ChunkHandle chunk, std::size_t bytes) {
    if (bytes == 0) return 0;
    char* const pages = static_cast<char*>(address);
    if (!aligned(address, bytes)) return cuda_error::invalid_value;
    const Unique lock(mutex_);
    const SimChunks::Chunk* const found = chunks_.find(chunk);
    if (!found || found->bytes != bytes) {
        return refuse(cuda_error::invalid_value, "map of " + range_text(address, bytes) + " to " +
                                                     std::to_string(chunk) + ", no chunk of that size");
    }
    if (!reservations_.vacant(pages, bytes)) {
        return refuse(cuda_error::invalid_value, "map of " + range_text(address, bytes) + ", not reserved or not free");
    }
    reservations_.add(pages, bytes, chunk);
    if (chunks_.map(chunk, pages)) return 0;
    reservations_.remove(pages, bytes);
    return cuda_error::out_of_memory;
}

int SimMemory::set_access(void* address, std::size_t bytes) {
    if (bytes == 0) return 0;
    char* const pages = static_cast<char*>(address);
    const Unique lock(mutex_);
    if (!reservations_.whole_mappings(pages, bytes)) {
        return refuse(cuda_error::invalid_value, "set_access of " + range_text(address, bytes) + ", no whole mappings");
    }
    if (mprotect(pages, bytes, PROT_READ | PROT_WRITE) != 0) return cuda_error::out_of_memory;
    reservations_.for_each(pages, bytes, [](char*, SimReservations::Mapping& mapping) { mapping.accessible = true; });
    return 0;
}

int SimMemory::unmap(void* address, std::size_t bytes) {
    if (bytes == 0) return 0;
    char* const pages = static_cast<char*>(address);
    const Unique lock(mutex_);
    if (!reservations_.whole_mappings(pages, bytes)) {
        return refuse(cuda_error::invalid_value, "unmap of " + range_text(address, bytes) + ", no whole mappings");
    }
    reservations_.for_each(pages, bytes, [this](char* start, SimReservations::Mapping& mapping) {
        chunks_.unmap(mapping.chunk, start, mapping.bytes);
    });
    reservations_.remove(pages, bytes);
    return 0;
}

SimSpan SimMemory::find(const char* address, std::size_t bytes) const {
    if (plain_.touches(address, bytes)) return plain_.find(address, bytes);
    if (pinned_.touches(address, bytes)) return pinned_.find(address, bytes);
    if (reservations_.touches(address, bytes)) return reservations_.find(address, bytes);
    return {};
}

int SimMemory::inspect(const void* address, std::size_t bytes, const char* doing, SimSpan& span) const {
    const auto first = reinterpret_cast<std::uintptr_t>(address);
    if (first == 0 || first + bytes < first) {
        return refuse(cuda_error::invalid_value, std::string(doing) + ' ' + range_text(address, bytes) + ", no range");
    }
    const Shared lock(mutex_);
    span = find(static_cast<const char*>(address), bytes);
    if (span.place != Place::dead) return 0;
    return refuse(cuda_error::illegal_address, std::string(doing) + ' ' + range_text(address, bytes) +
                                                   ", which leaves what is allocated or mapped with access");
}

bool SimMemory::unchanged(const void* address, std::size_t bytes, SimSpan was, const char* doing) const {
    if (find(static_cast<const char*>(address), bytes) == was) return true;
    misuse_.add("use after free: " + std::string(doing) + ' ' + range_text(address, bytes) +
                ", freed or unmapped after the work was queued");
    return false;
}

int SimMemory::copy(void* to, SimSpan to_was, const void* from, SimSpan from_was, std::size_t bytes) const {
    const Shared lock(mutex_);
    const bool valid = unchanged(from, bytes, from_was, "copy from") && unchanged(to, bytes, to_was, "copy to");
    if (!valid) return cuda_error::illegal_address;
    std::memmove(to, from, bytes);
    return 0;
}

int SimMemory::fill(void* to, SimSpan to_was, std::uint32_t value, unsigned width, std::size_t count) const {
    const Shared lock(mutex_);
    if (!unchanged(to, width * count, to_was, "fill")) return cuda_error::illegal_address;
    switch (width) {
        case 1:
            std::memset(to, static_cast<int>(value & 0xff), count);
            break;
        case 2:
            fill_elements<std::uint16_t>(to, value, count);
            break;
        default:
            fill_elements<std::uint32_t>(to, value, count);
            break;
    }
    return 0;
}

std::size_t SimMemory::free_bytes() const {
    const Shared lock(mutex_);
    return capacity_ - used();
}

void SimMemory::count(SimLedger& ledger) const {
    const Shared lock(mutex_);
    ledger.reservations = reservations_.count();
    ledger.reserved_bytes = reservations_.bytes();
    ledger.chunks = chunks_.count();
    ledger.chunk_bytes = chunks_.bytes();
    ledger.mappings = reservations_.mapping_count();
    ledger.allocations = plain_.count();
    ledger.allocated_bytes = plain_.bytes();
    ledger.pinned_allocations = pinned_.count();
    ledger.pinned_bytes = pinned_.bytes();
}

}  // namespace triune::sim
