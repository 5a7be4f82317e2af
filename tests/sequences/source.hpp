// SPDX-License-Identifier: Apache-2.0
// Where sequences come from: each is made while it runs, since what can be done next depends on what was done.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "world.hpp"

namespace triune::sequences {

using Sequence = std::vector<std::size_t>;

std::string text_of(const Alphabet& alphabet, std::span<const std::size_t> sequence);
// Throws std::invalid_argument for a letter that the alphabet does not have.
Sequence sequence_of(const Alphabet& alphabet, const std::string& text);

class Source {
  public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    // Runs the next sequence. `entered` is told what runs before each step: it may be the last that is heard. Throws
    // std::logic_error where an invariant breaks. False when there is none left.
    using Entered = std::function<void(std::span<const std::size_t>)>;
    virtual bool run_next(const Entered& entered) = 0;
    // Goes on behind one that failed, the `number`th.
    virtual void pass(const Sequence& failed, std::size_t number) = 0;
};

// One of several processes that share the sequences.
struct Share {
    std::size_t part = 0;
    std::size_t parts = 1;
};

// One sequence, all of it checked, and its end. Throws std::logic_error, and std::invalid_argument where a letter is
// not enabled.
void run(const Alphabet& alphabet, const Sequence& sequence, World& world);

}  // namespace triune::sequences
