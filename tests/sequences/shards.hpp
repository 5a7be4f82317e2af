// SPDX-License-Identifier: Apache-2.0
// Sequences run in child processes, so that a crash is one sequence's.
#pragma once

#include <cstddef>
#include <functional>

#include "explorer.hpp"

namespace triune::sequences {

struct Tally {
    std::size_t sequences = 0;
    std::size_t faults = 0;
};

// What is done with each sequence that has run well: nothing, or more runs of it. Throws std::logic_error.
using Afterwards = std::function<void(std::span<const std::size_t>)>;

// All sequences of the length, in `jobs` processes. Prints each fault with the sequence that shows it, and gives up a
// share of them after a few.
Tally run_all(const Alphabet& alphabet, std::size_t length, std::size_t jobs, const Afterwards& afterwards);

}  // namespace triune::sequences
