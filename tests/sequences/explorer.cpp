// SPDX-License-Identifier: Apache-2.0
#include "explorer.hpp"

#include <algorithm>
#include <utility>

namespace triune::sequences {

Explorer::Explorer(const Alphabet& alphabet, std::size_t length, Share share)
    : alphabet_(alphabet), length_(length), share_(share), at_(length, 0) {}

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

void Explorer::pass(const Sequence& failed, std::size_t) {
    at_ = failed;
    at_.resize(length_, 0);
    changed_ = 0;
    advance(failed.size() - 1);
}

bool Explorer::run_next(const Entered& entered) {
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
            entered({at_.data(), depth_});
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

}  // namespace triune::sequences
