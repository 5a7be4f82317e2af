// SPDX-License-Identifier: Apache-2.0
// What the files that are compiled together with a file still need of the legacy interface.
#pragma once

#include "plan/plan.hpp"

namespace migrate {

// Summed up a file, then a unit, then for all units that see a file, so that the cost grows with the program and not
// with its square.
struct RemainingNeeds {
    std::set<std::string> legacy_modules;                   // of names that stay
    std::set<std::string> legacy_scopes;                    // their namespaces
    std::set<std::string> unqualified;                      // namespaces that a using-directive must keep open
    std::set<std::pair<std::string, std::string>> through;  // namespace, and the alias that a name is found by
    bool new_names = false;
    bool broken = false;         // some declaration was not understood
    bool brings_errors = false;  // includes the error header, or will
    bool wants_errors = false;   // names errors, and nothing compiled with it brings their header

    void add(const RemainingNeeds& other);
};

class CompiledTogether {
  public:
    // `accepted` sorted, as make_plan has them.
    CompiledTogether(const Facts& found, const std::map<std::string, std::vector<Edit>>& accepted);

    // Of everything in the units that see the file.
    const RemainingNeeds& around(const std::string& file) const;
    bool names_errors(const std::string& file) const { return naming_.contains(file); }

  private:
    std::map<std::string, RemainingNeeds> sum(const Facts& found,
                                              const std::map<std::string, RemainingNeeds>& own) const;

    std::set<std::string> naming_;
    std::map<std::string, RemainingNeeds> around_;
};

}  // namespace migrate
