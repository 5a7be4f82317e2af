// SPDX-License-Identifier: Apache-2.0
#include "report/report.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include <fstream>

#include "project/project_roots.hpp"
#include "report/history.hpp"
#include "report/html_report.hpp"
#include "report/json_report.hpp"
#include "report/run_time.hpp"
#include "report/sarif_report.hpp"
#include "text/line_index.hpp"

namespace migrate {

std::string_view name_of(SiteState state) {
    switch (state) {
        case SiteState::migrated:
            return "migrated";
        case SiteState::blocked:
            return "blocked";
        case SiteState::unseen:
            return "unseen";
    }
    return "unseen";
}

SiteTotals count(const Facts& found) {
    SiteTotals totals;
    for (const auto& [at, each] : found.sites) {
        ++totals.sites;
        ++(each.state == SiteState::migrated  ? totals.migrated
           : each.state == SiteState::blocked ? totals.blocked
                                              : totals.unseen);
    }
    return totals;
}

std::vector<SiteRow> rows(const Facts& found) {
    std::vector<SiteRow> result;
    std::string file;
    std::optional<LineIndex> lines;
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

bool write_reports(const Options& asked, const Facts& found, const Plan& settled, const UnitCounts& units) {
    const Account told{found,         units,
                       count(found),  rows(found),
                       settled,       asked.wanted == Mode::fix,
                       asked.history, project_name(asked.roots),
                       run_time()};
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
