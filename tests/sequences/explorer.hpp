// SPDX-License-Identifier: Apache-2.0
// All sequences of a length, one after the other.
#pragma once

#include <cstddef>
#include <span>

#include "source.hpp"

namespace triune::sequences {

// Counts up through the sequences of one length like an odometer. Each runs in a world of its own; what the one before
// began with is not checked again, because it does the same.
class Explorer final : public Source {
  public:
    // A share is what begins with certain two letters.
    Explorer(const Alphabet& alphabet, std::size_t length, Share share);

    bool run_next(const Entered& entered) override;
    void pass(const Sequence& failed, std::size_t number) override;

  private:
    bool is_mine(std::size_t depth) const noexcept;
    std::size_t advance(std::size_t depth) noexcept;

    const Alphabet& alphabet_;
    const std::size_t length_;
    const Share share_;
    Sequence at_;
    std::size_t depth_ = 0;    // so many letters have been entered
    std::size_t changed_ = 0;  // the first that the sequence before did not have
    bool done_ = false;
};

}  // namespace triune::sequences
