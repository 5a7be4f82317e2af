// SPDX-License-Identifier: Apache-2.0
// Sequences too long to try all: each letter is drawn from those that are enabled.
#pragma once

#include <cstddef>
#include <random>

#include "source.hpp"

namespace triune::sequences {

// The same seed gives the same sequences.
class RandomWalk final : public Source {
  public:
    RandomWalk(const Alphabet& alphabet, std::size_t length, std::size_t count, unsigned seed, Share share)
        : alphabet_(alphabet), length_(length), count_(count / share.parts), seed_(seed), share_(share) {}

    bool run_next(const Entered& entered) override;
    void pass(const Sequence&, std::size_t number) override { number_ = number; }

  private:
    const Alphabet& alphabet_;
    const std::size_t length_;
    const std::size_t count_;
    const unsigned seed_;
    const Share share_;
    std::size_t number_ = 0;
};

}  // namespace triune::sequences
