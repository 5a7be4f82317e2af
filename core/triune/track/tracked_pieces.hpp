// SPDX-License-Identifier: Apache-2.0
// One entry in the books for many pieces of memory, which threads add and remove side by side.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <triune/base/thread_owned.hpp>
#include <triune/track/level.hpp>
#include <triune/track/thread_tallies.hpp>
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

    void settle(Part& part) noexcept;
    // The two below: under all locks of the books.
    std::size_t settled_peak() noexcept;
    template <typename Visit>
    void for_each(Visit&& visit) {
        parts_.for_each(visit);
        visit(shared_);
    }

    ThreadTallies& tallies_;
    ThreadOwned<Part> parts_;
    Part shared_;  // of threads that have none
    std::atomic<std::size_t> peak_{0};
    TrackedPieces* next_pieces_ = nullptr;  // in the registry's list
};

}  // namespace triune
