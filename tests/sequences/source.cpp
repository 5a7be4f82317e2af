// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

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

void run(const Alphabet& alphabet, const Sequence& sequence, World& world) {
    for (const std::size_t letter : sequence) {
        if (!world.enabled(letter)) throw std::invalid_argument(alphabet.letters[letter] + " cannot be done here");
        world.step(letter);
        world.check();
    }
    world.end();
}

}  // namespace triune::sequences
