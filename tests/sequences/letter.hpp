// SPDX-License-Identifier: Apache-2.0
// One thing that a world of type `W` can do.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace triune::sequences {

template <typename W>
struct Letter {
    std::string name;
    std::function<bool(const W&)> enabled;
    std::function<void(W&)> run;
};

template <typename W>
std::vector<std::string> names_of(const std::vector<Letter<W>>& letters) {
    std::vector<std::string> names;
    for (const Letter<W>& letter : letters) names.push_back(letter.name);
    return names;
}

}  // namespace triune::sequences
