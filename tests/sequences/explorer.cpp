// SPDX-License-Identifier: Apache-2.0
#include "explorer.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace triune::sequences {

std::string text_of(const Alphabet& alphabet, std::span<const std::size_t> sequence) {
    std::string text;
    for (const std::size_t letter : sequence) text += (text.empty() ? "" : " ") + alphabet.letters[letter];
    return text;
}

Sequence sequence_of(const Alphabet& alphabet, const std::string& text) {
    Sequence sequence;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        const auto found = std::find(alphabet.letters.begin(), alphabet.letters.end(), word);
        if (found == alphabet.letters.end()) throw std::invalid_argument(alphabet.name + " has no letter " + word);
        sequence.push_back(static_cast<std::size_t>(found - alphabet.letters.begin()));
    }
    return sequence;
}

Explorer::Explorer(const Alphabet& alphabet, std::size_t length, Share share)
    : alphabet_(alphabet), share_(share), at_(length, 0) {}

bool Explorer::is_mine(std::size_t depth) const noexcept {
    if (depth != std::min<std::size_t>(2, at_.size())) return true;
    std::size_t number = 0;
    for (std::size_t i = 0; i < depth; ++i) number = number * alphabet_.letters.size() + at_[i];
    return number % share_.parts == share_.part;
}

// To the next sequence that differs at `depth` or before it; answers where.
std::size_t Explorer::advance(std::size_t depth) noexcept {
    while (++at_[depth] == alphabet_.letters.size()) {
        at_[depth] = 0;
        if (depth == 0) {
            done_ = true;
            break;
        }
        --depth;
    }
    std::fill(at_.begin() + static_cast<std::ptrdiff_t>(depth) + 1, at_.end(), 0);
    changed_ = std::min(changed_, depth);
    return depth;
}

void Explorer::skip(Sequence sequence) {
    const std::size_t last = sequence.size() - 1;
    sequence.resize(at_.size(), 0);
    at_ = std::move(sequence);
    changed_ = 0;
    advance(last);
}

bool Explorer::run_next(const std::function<void(std::span<const std::size_t>)>& entered) {
    while (!done_) {
        const auto world = alphabet_.make();
        const std::size_t first_new = std::exchange(changed_, at_.size());
        depth_ = 0;
        bool carried = false;
        while (!carried && depth_ < at_.size()) {
            if (!is_mine(depth_ + 1) || !world->enabled(at_[depth_])) {
                carried = advance(depth_) < depth_ || done_;
                continue;
            }
            ++depth_;
            entered(sequence());
            world->step(at_[depth_ - 1]);
            if (depth_ > first_new) world->check();
        }
        if (carried) continue;
        world->end();
        advance(at_.size() - 1);
        return true;
    }
    return false;
}

void run(const Alphabet& alphabet, const Sequence& sequence, World& world) {
    for (const std::size_t letter : sequence) {
        if (!world.enabled(letter)) throw std::logic_error(alphabet.letters[letter] + " cannot be done here");
        world.step(letter);
        world.check();
    }
    world.end();
}

}  // namespace triune::sequences
