// SPDX-License-Identifier: Apache-2.0
#include "plan/compiled_together.hpp"

#include <algorithm>

namespace migrate {
namespace {

using AcceptedEdits = std::map<std::string, std::vector<Edit>>;

std::set<std::string> files_naming_errors(const Facts& found, const AcceptedEdits& accepted) {
    std::set<std::string> result;
    for (const StayingUse& use : found.staying) {
        if (use.error_header && !covered(accepted, use.at)) result.insert(use.at.file);
    }
    for (const auto& [name, edits] : accepted) {
        const auto casts = [](const Edit& each) { return each.text.find("CudaError>") != std::string::npos; };
        if (std::ranges::any_of(edits, casts)) result.insert(name);
    }
    return result;
}

}  // namespace

void RemainingNeeds::add(const RemainingNeeds& other) {
    legacy_modules.insert(other.legacy_modules.begin(), other.legacy_modules.end());
    legacy_scopes.insert(other.legacy_scopes.begin(), other.legacy_scopes.end());
    unqualified.insert(other.unqualified.begin(), other.unqualified.end());
    through.insert(other.through.begin(), other.through.end());
    new_names = new_names || other.new_names;
    broken = broken || other.broken;
    brings_errors = brings_errors || other.brings_errors;
    wants_errors = wants_errors || other.wants_errors;
}

CompiledTogether::CompiledTogether(const Facts& found, const AcceptedEdits& accepted)
    : naming_(files_naming_errors(found, accepted)) {
    std::map<std::string, RemainingNeeds> own;
    for (const auto& [path, file] : found.files) {
        RemainingNeeds& needs = own[path];
        needs.broken = !file.broken.empty();
        // A file that names errors gets their header in place of its own legacy one.
        needs.brings_errors = std::ranges::any_of(file.includes, [&](const auto& line) {
            return is_error_header(line.second.spelled) ||
                   (naming_.contains(path) && legacy_header(line.second.spelled) != nullptr);
        });
    }
    for (const auto& [at, each] : found.sites) {
        const bool stays = !goes(found, each);
        RemainingNeeds& needs = own[at.file];
        if (stays) needs.legacy_scopes.insert(each.symbol.substr(0, each.symbol.find("::")));
        if (legacy_header(each.symbol) != nullptr) continue;
        if (stays) needs.legacy_modules.insert(each.module);
        needs.new_names = needs.new_names || !stays;
    }
    for (const StayingUse& use : found.staying) {
        if (covered(accepted, use.at)) continue;
        RemainingNeeds& needs = own[use.at.file];
        if (use.unqualified) needs.unqualified.insert(use.scope);
        needs.through.insert({use.scope, use.through});
    }
    around_ = sum(found, own);
    for (const std::string& user : naming_) own[user].wants_errors = !around(user).brings_errors;
    around_ = sum(found, own);
}

std::map<std::string, RemainingNeeds> CompiledTogether::sum(const Facts& found,
                                                            const std::map<std::string, RemainingNeeds>& own) const {
    std::map<std::string, RemainingNeeds> result = own;
    for (const auto& [unit, files] : found.unit_files) {
        RemainingNeeds all;
        for (const std::string& file : files) {
            if (const auto known = own.find(file); known != own.end()) all.add(known->second);
        }
        for (const std::string& file : files) result[file].add(all);
    }
    return result;
}

const RemainingNeeds& CompiledTogether::around(const std::string& file) const {
    static const RemainingNeeds nothing;
    const auto known = around_.find(file);
    return known == around_.end() ? nothing : known->second;
}

}  // namespace migrate
