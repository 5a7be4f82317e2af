// SPDX-License-Identifier: Apache-2.0
// What sequences are run on: a library and a device, made anew for each, with the letters of the alphabet.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <triune/detail/device/sim/sim_failures.hpp>

namespace triune::sequences {

inline void require(bool holds, const std::string& what) {
    if (!holds) throw std::logic_error(what);
}

class World {
  public:
    World() = default;
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    virtual ~World() = default;

    // Letters are numbered from 0. One that is not enabled would do nothing, or what another sequence does with the
    // names of streams exchanged.
    virtual bool enabled(std::size_t letter) const = 0;
    virtual void step(std::size_t letter) = 0;
    // Throws std::logic_error where an invariant does not hold.
    virtual void check() const = 0;
    // Gives all back and says whether all came back. Throws as check() does.
    virtual void end() = 0;
    virtual sim::SimFailures& failures() = 0;
};

// The names of letters are what a sequence is printed and read as.
struct Alphabet {
    std::string name;
    std::vector<std::string> letters;
    std::function<std::unique_ptr<World>()> make;
    std::size_t length = 0;       // of the sequences that a plain run tries
    std::size_t full_length = 0;  // with --full
};

const std::vector<Alphabet>& alphabets();

}  // namespace triune::sequences
