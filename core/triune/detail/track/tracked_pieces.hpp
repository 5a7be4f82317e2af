// SPDX-License-Identifier: Apache-2.0
// One entry in the registry for many pieces of memory, which threads add and remove side by side.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <triune/detail/base/thread_owned.hpp>
#include <triune/detail/track/level.hpp>
#include <triune/detail/track/thread_tallies.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

class Registry;

// Base of whoever hands out the pieces. Each thread counts its own: see Note [Counting by threads].
class TrackedPieces : public TrackedAllocation {
  public:
    // A thread's, under the lock of its tally.
    struct Part {
        ThreadTally* tally = nullptr;
        Level bytes;
    };

    // Of all pieces together; exact whenever nobody is in a call. Without a lock.
    std::size_t piece_bytes() const noexcept;

  protected:
    TrackedPieces(const AllocationOrigin& origin, std::optional<std::string_view> name, ThreadTallies& tallies)
        : TrackedAllocation(origin, name), tallies_(tallies) {
        shared_.tally = &tallies.shared();
    }
    ~TrackedPieces() override = default;

    // The calling thread's.
    Part& own_part() noexcept {
        Part* const mine = parts_.own_and([this](Part& part) { part.tally = &tallies_.own(); });
        return mine != nullptr ? *mine : shared_;
    }

  private:
    friend class Registry;

    // By who holds the lock of the part's tally.
    void raise(Part& part, std::size_t bytes) noexcept;
    void lower(Part& part, std::size_t bytes) noexcept;
    void add_up(Part& part) noexcept;
    // Under all locks of the registry. See Note [Peaks of parts].
    std::size_t peak_bytes() noexcept;
    // See ForkGuard; the registry calls them.
    void lock_for_fork() noexcept { parts_.lock(); }
    void unlock_after_fork() noexcept { parts_.unlock(); }

    ThreadTallies& tallies_;
    ThreadOwned<Part> parts_;
    Part shared_;  // of threads that have none
    Highest peak_;
    TrackedPieces* next_pieces_ = nullptr;  // in the registry's list
};

}  // namespace triune
