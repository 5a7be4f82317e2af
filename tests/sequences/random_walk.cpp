// SPDX-License-Identifier: Apache-2.0
#include "random_walk.hpp"

namespace triune::sequences {

bool RandomWalk::run_next(const Entered& entered) {
    if (number_ == count_) return false;
    std::seed_seq seeds{std::size_t{seed_}, share_.part, number_++};
    std::mt19937 random(seeds);
    const auto world = alphabet_.make();
    Sequence sequence;
    while (sequence.size() < length_) {
        std::vector<std::size_t> enabled;
        for (std::size_t letter = 0; letter < alphabet_.letters.size(); ++letter) {
            if (world->enabled(letter)) enabled.push_back(letter);
        }
        if (enabled.empty()) break;
        sequence.push_back(enabled[random() % enabled.size()]);
        entered(sequence);
        world->step(sequence.back());
        world->check();
    }
    world->end();
    return true;
}

}  // namespace triune::sequences
