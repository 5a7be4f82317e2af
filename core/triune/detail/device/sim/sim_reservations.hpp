// SPDX-License-Identifier: Apache-2.0
// Reserved address ranges and what is mapped into them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>

#include <triune/detail/device/sim/sim_span.hpp>
#include <triune/device/device.hpp>

namespace triune::sim {

// Bookkeeping and pages of the ranges; what is mapped is sim_chunks.hpp's. Not thread-safe: sim_memory.cpp locks.
class SimReservations {
  public:
    SimReservations() = default;
    ~SimReservations();
    SimReservations(const SimReservations&) = delete;
    SimReservations& operator=(const SimReservations&) = delete;

    struct Mapping {
        std::size_t bytes;
        ChunkHandle chunk;
        std::uint64_t generation;
        bool accessible;
    };
    using Mappings = std::map<char*, Mapping>;
    struct Reservation {
        std::size_t bytes;
        Mappings mappings;
    };

    // Null where addresses ran out.
    char* reserve(std::size_t bytes, std::size_t alignment);
    // Null where `address` begins none.
    const Reservation* find_start(char* address) const;
    // The reservation, empty of mappings, that starts at `address`. Its addresses stay dead for a while.
    void release(char* address);

    // The whole range lies in one reservation and nothing is mapped into it.
    bool vacant(char* address, std::size_t bytes) const;
    // `address` and `bytes` are vacant.
    void add(char* address, std::size_t bytes, ChunkHandle chunk);
    // The range is exactly one mapping or several adjacent ones of one reservation.
    bool whole_mappings(char* address, std::size_t bytes) const;
    // For such a range: calls `visit` for each mapping in it.
    void for_each(char* address, std::size_t bytes, const std::function<void(char*, Mapping&)>& visit);
    void remove(char* address, std::size_t bytes) noexcept;

    bool touches(const char* address, std::size_t bytes) const;
    SimSpan find(const char* address, std::size_t bytes) const;

    std::size_t count() const noexcept { return live_.size(); }
    std::size_t bytes() const noexcept;
    std::size_t mapping_count() const noexcept;

  private:
    using Live = std::map<char*, Reservation>;
    void forget_oldest() noexcept;
    Live::const_iterator holder(const char* address, std::size_t bytes) const;

    struct Retired {
        char* address;
        std::size_t bytes;
    };
    static constexpr std::size_t retired_most_ = 32;

    Live live_;
    std::deque<Retired> retired_;  // released, oldest first; still untouchable
    std::uint64_t generations_ = 0;
};

}  // namespace triune::sim
