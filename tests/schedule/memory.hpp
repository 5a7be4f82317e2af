// SPDX-License-Identifier: Apache-2.0
// What the threads of one execution may see of each other's stores.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "address_table.hpp"

namespace schedule {

inline constexpr int max_threads = 4;
inline constexpr std::size_t max_locations = 96;

// Note [The memory that the checker models]
// Rationale. Real processors delay stores, and C++ allows more of that than the machine which runs the tests. A checker
// that only switches threads never sees it.
//
// Approach. Every atomic object keeps all its values in the order in which they were stored. A thread has a view: the
// oldest value of each object that it may still read. It moves on with what the thread reads and writes, and with every
// acquire of a release. A load may read any value from its view on; the explorer tries them all, up to a bound. A
// seq_cst load also reads nothing older than the last seq_cst store. A read-modify-write reads the newest value.
// A system-wide barrier makes the newest value of everything the oldest that anybody may read.
// Plain accesses must be ordered by happens-before, which clocks hold: else they are a race.
//
// Limitations. Stores to one object have the order in which the explorer runs them. A load is never delayed beyond a
// later store of its thread. Fences are not modelled; a program that uses one fails.
class Memory {
  public:
    void begin(int threads);
    // Values of static objects are as they were before the execution.
    void end() noexcept;

    // `pick(n)` decides how many values older than the newest are skipped, of n possibilities; 0 is the newest.
    std::uint64_t load(int thread, const void* address, std::size_t bytes, std::memory_order order,
                       const std::function<int(int)>& pick);
    // True where the value is another than before.
    bool store(int thread, void* address, std::size_t bytes, std::uint64_t value, std::memory_order order);
    // `change` gives the new value, or nothing where there is none; then the order is `failure`. The old value.
    std::uint64_t exchange(int thread, void* address, std::size_t bytes, std::memory_order order,
                           std::memory_order failure,
                           const std::function<std::optional<std::uint64_t>(std::uint64_t)>& change);

    // All stores made so far reach every thread.
    void everything_arrives() noexcept;
    // The thread sees the newest value of what it read last.
    void arrives_at_last(int thread) noexcept;
    // Loads of these see the newest value always.
    void keep_strong(const void* begin, std::size_t bytes) { strong_.push_back({address_of(begin), bytes}); }
    bool is_strong(const void* address) const noexcept;

    // Says what the race is, where there is one.
    std::optional<std::string> access(int thread, const void* address, std::size_t bytes, bool write);
    // New memory: no thread has used it.
    void forget(const void* address, std::size_t bytes);

    int location_number(const void* address) const noexcept;

  private:
    using Clock = std::array<std::uint32_t, max_threads>;
    using View = std::array<std::uint16_t, max_locations>;
    struct Stored {
        std::uint64_t value = 0;
        Clock clock{};  // what an acquire learns
        View view{};
    };
    struct Location {
        std::uintptr_t address = 0;
        std::size_t bytes = 0;
        std::vector<Stored> stores;
        std::size_t last_sequential = 0;
    };
    struct Shadow {
        int writer = -1;
        std::uint32_t write_time = 0;
        std::uint8_t write_mask = 0;
        std::array<std::uint32_t, max_threads> read_time{};
        std::array<std::uint8_t, max_threads> read_mask{};
    };
    struct Thread {
        Clock clock{};
        View view{};
        std::size_t last_loaded = 0;
    };
    struct Extent {
        std::uintptr_t begin;
        std::size_t bytes;
    };

    static std::uintptr_t address_of(const void* pointer) noexcept { return reinterpret_cast<std::uintptr_t>(pointer); }
    std::size_t find(const void* address, std::size_t bytes);
    void learn(Thread& thread, const Stored& from) noexcept;
    void add(Thread& thread, int number, std::size_t at, std::uint64_t value, std::memory_order order,
             const Stored* continued);

    std::vector<Location> locations_;
    std::size_t used_ = 0;
    std::array<Thread, max_threads> threads_;
    int thread_count_ = 0;
    std::vector<Extent> strong_;
    AddressTable<Shadow> shadows_;
};

}  // namespace schedule
