// SPDX-License-Identifier: Apache-2.0
// How a local variable that holds downloaded copies is used: whether a view of the snapshot would do as well.
#pragma once

#include <functional>
#include <span>

#include "clang/clang_headers.hpp"
#include "facts/facts.hpp"

namespace migrate {

// What the study has to ask of the walk that it is part of.
struct ViewQuestions {
    std::function<LegacyName(const clang::NamedDecl*)> legacy;
    std::function<std::string(const clang::FunctionDecl*)> call_key;  // empty for what is not the project's
    std::function<std::optional<TextRange>(clang::SourceRange)> range;
};

struct ViewUses {
    std::string refusal;            // a note's code; empty where all uses are reads
    std::set<std::string> callees;  // of the project, called while the variable lives
    std::vector<Edit> edits;        // std::get<0>(v) -> v.x
};

// `rest` is what follows the declaration in its block.
ViewUses study_uses(const clang::VarDecl* variable, std::string_view array, std::span<clang::Stmt* const> rest,
                    const ViewQuestions& ask);

// Which of a graph's downloads the legacy call may start or finish: positions, velocities, both or none.
std::vector<std::string_view> downloads_of(LegacyName name);

}  // namespace migrate
