// SPDX-License-Identifier: Apache-2.0
#include "report/report.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include <fstream>

#include "report/history.hpp"
#include "report/html_report.hpp"
#include "report/json_report.hpp"
#include "report/sarif_report.hpp"
#include "text/line_index.hpp"

namespace migrate {

std::string_view name_of(site_state state) {
    switch (state) {
        case site_state::migrated:
            return "migrated";
        case site_state::blocked:
            return "blocked";
        case site_state::unseen:
            return "unseen";
    }
    return "unseen";
}

site_totals count(const facts& found) {
    site_totals totals;
    for (const auto& [at, each] : found.sites) {
        ++totals.sites;
        ++(each.state == site_state::migrated  ? totals.migrated
           : each.state == site_state::blocked ? totals.blocked
                                               : totals.unseen);
    }
    return totals;
}

std::vector<site_row> rows(const facts& found) {
    std::vector<site_row> result;
    std::string file;
    std::optional<line_index> lines;
    for (const auto& [at, each] : found.sites) {
        if (at.file != file || !lines) {
            file = at.file;
            lines.emplace(found.files.at(at.file).content);
        }
        const auto [line, column] = lines->at(at.offset);
        result.push_back({&each, shown_path(at.file), line, column, lines->line(line)});
    }
    return result;
}

bool write_reports(const options& asked, const facts& found, const unit_counts& units) {
    const account told{found, units, count(found), rows(found), asked.wanted == mode::fix, asked.history};
    const auto failed = [](const std::string& path) {
        llvm::errs() << "triune-migrate: cannot write '" << path << "'\n";
        return false;
    };
    // First, so that the drawing has this run too.
    if (!asked.history.empty() && !append_history(asked.history, told)) return failed(asked.history);
    for (const std::string& path : asked.reports) {
        const llvm::StringRef ending = llvm::sys::path::extension(path);
        std::ofstream stream(path, std::ios::binary);
        stream << (ending == ".json" ? json_report(told) : ending == ".sarif" ? sarif_report(told) : html_report(told));
        stream.close();
        if (!stream) return failed(path);
    }
    return true;
}

}  // namespace migrate
