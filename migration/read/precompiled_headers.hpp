// SPDX-License-Identifier: Apache-2.0
// The new API's umbrella header, precompiled once a run for edited units that share their flags: it is most of what
// such a unit is made of.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

#include "project/compile_command.hpp"
#include "project/options.hpp"

namespace migrate {

struct PrecompiledHeader {
    std::string file;
    std::unordered_set<std::string> names;  // all that stand in it: a unit's macro of such a name would change it
};

class PrecompiledHeaders {
  public:
    PrecompiledHeaders() = default;
    PrecompiledHeaders(const PrecompiledHeaders&) = delete;
    PrecompiledHeaders& operator=(const PrecompiledHeaders&) = delete;
    // Removes the files.
    ~PrecompiledHeaders();

    // For flags that three units or more share, the most frequent first, in processes of their own. Where that fails
    // there is none. Not for CUDA, nor for units that flags include something into.
    void make(const std::vector<UnitCommand>& units, const Options& asked);
    // Null where there is none for its flags, and for a unit that was not named.
    const PrecompiledHeader* for_unit(const UnitCommand& unit) const;

  private:
    std::string folder_;
    std::set<std::string> units_;  // by id
    std::map<std::vector<std::string>, PrecompiledHeader> by_flags_;
};

}  // namespace migrate
