// SPDX-License-Identifier: Apache-2.0
// All sequences of a length, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "world.hpp"

namespace triune::sequences {

using Sequence = std::vector<std::size_t>;

std::string text_of(const Alphabet& alphabet, std::span<const std::size_t> sequence);
// Throws std::invalid_argument for a letter that the alphabet does not have.
Sequence sequence_of(const Alphabet& alphabet, const std::string& text);

// Part `part` of `parts` of the sequences: those whose first two letters have that remainder.
struct Share {
    std::size_t part = 0;
    std::size_t parts = 1;
};

// Counts up through the sequences of one length like an odometer. Each runs in a world of its own; what the one before
// began with is not checked again, because it does the same.
class Explorer {
  public:
    Explorer(const Alphabet& alphabet, std::size_t length, Share share);

    // Begins behind all sequences that begin with `sequence`.
    void skip(Sequence sequence);
    // Runs the next sequence. `entered` is told what runs before each step: it may be the last that is heard. Throws
    // std::logic_error where an invariant breaks; sequence() says where. False when there is none left.
    bool run_next(const std::function<void(std::span<const std::size_t>)>& entered);
    std::span<const std::size_t> sequence() const noexcept { return {at_.data(), depth_}; }

  private:
    bool is_mine(std::size_t depth) const noexcept;
    std::size_t advance(std::size_t depth) noexcept;

    const Alphabet& alphabet_;
    const Share share_;
    Sequence at_;
    std::size_t depth_ = 0;    // so many letters have been entered
    std::size_t changed_ = 0;  // the first that the sequence before did not have
    bool done_ = false;
};

// One sequence, all of it checked, and its end. Throws std::logic_error.
void run(const Alphabet& alphabet, const Sequence& sequence, World& world);

}  // namespace triune::sequences
