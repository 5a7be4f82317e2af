// SPDX-License-Identifier: Apache-2.0
// Sequences run in child processes, so that a crash is one sequence's.
#pragma once

#include <cstddef>
#include <functional>

#include <memory>

#include "source.hpp"

namespace triune::sequences {

struct Tally {
    std::size_t sequences = 0;
    std::size_t more_runs = 0;
    std::size_t faults = 0;
};

// What is done with each sequence that has run well: more runs of it, so many. Throws std::logic_error.
using Afterwards = std::function<std::size_t(std::span<const std::size_t>)>;

// Everything that the sources give, one source a process. Prints each fault with the shortest part of its sequence that
// still shows it, and gives up a share of them after a few.
using MakeSource = std::function<std::unique_ptr<Source>(Share)>;
Tally run_all(const Alphabet& alphabet, std::size_t jobs, const MakeSource& make, const Afterwards& afterwards);

}  // namespace triune::sequences
