// SPDX-License-Identifier: Apache-2.0
#include "apply/exported_fixes.hpp"

#include <clang/Tooling/ReplacementsYaml.h>
#include <llvm/Support/raw_ostream.h>

namespace migrate {

std::string exported_fixes(const Plan& settled, const Facts& found) {
    clang::tooling::TranslationUnitReplacements document;
    for (const auto& [path, planned] : settled) {
        const std::string& before = found.files.at(path).content;
        for (const AppliedEdit& each : planned.result.edits) {
            const std::string text = planned.result.text.substr(each.new_offset, each.new_end - each.new_offset);
            if (before.compare(each.old_offset, each.old_end - each.old_offset, text) == 0) continue;
            document.Replacements.emplace_back(path, each.old_offset, each.old_end - each.old_offset, text);
        }
    }
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::yaml::Output yaml(stream);
    yaml << document;
    return text;
}

}  // namespace migrate
