// SPDX-License-Identifier: Apache-2.0
// Finds the rule of a legacy name, and says which headers are legacy.
#pragma once

#include <string>
#include <string_view>

#include "rules/rule.hpp"

namespace migrate {

struct LegacyName {
    const Rule* from = nullptr;
    const Spelling* spelled = nullptr;
    explicit operator bool() const { return spelled != nullptr; }
};

LegacyName find_legacy_name(std::string_view qualified);

// The name by its last part alone, where it is one that nothing else is likely to have.
LegacyName find_distinctive_name(std::string_view identifier);
// One that is distinctive but the same in the new API: legacy only behind a legacy namespace's name.
LegacyName find_shared_name(std::string_view identifier);
// Any legacy name that ends so and changes; which class it belongs to is then a guess.
LegacyName find_changing_member(std::string_view identifier);
// Whether the last part of any legacy name is this identifier.
bool is_legacy_member(std::string_view identifier);

// The transition type that has the method, by its name in triune::transition; empty where none has it.
std::string_view transition_type_with(std::string_view method);
// The transition type that stands in for a legacy class, or the factory that makes one.
std::string_view transition_type_of(std::string_view legacy);

// The include rule of a legacy module header, by the end of its path; null for every other file.
const Rule* legacy_header(std::string_view path);
// The support header: legacy in style, but it stays.
bool is_error_header(std::string_view path);

// A header of the new library itself, wherever that is installed or checked out.
bool is_new_api(const std::string& path);

}  // namespace migrate
