// SPDX-License-Identifier: Apache-2.0
// The decisions of one execution, and the next execution that decides otherwise: depth first.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <vector>

namespace schedule {

class Choices {
  public:
    // One of `count` options, from 0. What was decided before is decided again.
    int next(int count) {
        if (count <= 1) return 0;
        if (at_ == taken_.size()) taken_.push_back({0, count});
        if (taken_[at_].count != count) throw std::logic_error("the program did something else when it ran again");
        return taken_[at_++].option;
    }

    // False when every decision has been taken.
    bool advance() {
        at_ = 0;
        while (!taken_.empty() && taken_.back().option + 1 == taken_.back().count) taken_.pop_back();
        if (taken_.empty()) return false;
        ++taken_.back().option;
        return true;
    }

  private:
    struct Taken {
        int option;
        int count;
    };
    std::vector<Taken> taken_;
    std::size_t at_ = 0;
};

}  // namespace schedule
