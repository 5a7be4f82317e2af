// SPDX-License-Identifier: Apache-2.0
#include "cli/driver.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <set>

#include "apply/changed_lines.hpp"
#include "apply/exported_fixes.hpp"
#include "apply/journal.hpp"
#include "apply/verify.hpp"
#include "apply/write.hpp"
#include "edits/diff.hpp"
#include "plan/choices.hpp"
#include "project/project_roots.hpp"
#include "read/census.hpp"
#include "read/unit_reader.hpp"
#include "report/doctor.hpp"
#include "report/report.hpp"
#include "report/summary.hpp"

namespace migrate {
namespace {

void say(const std::string& text) { llvm::errs() << "triune-migrate: " << text << "\n"; }

// Says what was taken back; false where something stood in the way.
bool tell(const undone& taken, const std::string& what) {
    for (const std::string& each : taken.problems) say(each);
    if (!taken.restored.empty()) say(what + ": " + std::to_string(taken.restored.size()) + " files restored");
    return taken.problems.empty();
}

int undo(const std::string& build_directory) {
    if (build_directory.empty()) return say("name the folder of compile_commands.json with -p BUILD"), bad_usage;
    const undone taken = journal(build_directory, find_roots(build_directory, {})).undo();
    if (!taken.found) {
        say("there is no run to take back in '" + build_directory + "'");
        return bad_usage;
    }
    return tell(taken, "the last run was taken back") ? all_migrated : conflict;
}

unit_counts count_units(const std::vector<read_unit>& units) {
    unit_counts counts;
    for (const read_unit& each : units) {
        if (!each.listed->selected) continue;
        switch (each.ended) {
            case read_unit::state::parsed:
                ++counts.parsed;
                break;
            case read_unit::state::skipped:
                ++counts.skipped;
                break;
            case read_unit::state::partly:
            case read_unit::state::failed:
                ++counts.failed;
                break;
        }
    }
    return counts;
}

// Said before anything is read, which may take long.
std::string missing_folder(const options& asked) {
    std::vector<std::pair<std::string, std::string>> written = {{"--export-fixes", asked.export_fixes},
                                                                {"--history", asked.history}};
    for (const std::string& each : asked.reports) written.emplace_back("--report", each);
    for (const auto& [option, file] : written) {
        const std::string folder = llvm::sys::path::parent_path(file).str();
        if (!folder.empty() && !llvm::sys::fs::is_directory(folder))
            return "the folder of '" + option + "=" + file + "' is not there";
    }
    return {};
}

// Once each, whatever number of units has the flag.
void tell_notes(const unit_list& list) {
    std::set<std::string> told;
    for (const listed_unit& unit : list.units) {
        for (const std::string& each : unit.command.notes) {
            if (told.insert(each).second) say("note: " + each);
        }
    }
}

// Units outside the run are read for what they share with it; their own sites are not its business.
void forget_others(facts& found, const unit_list& list) {
    std::erase_if(found.sites, [&](const auto& each) { return !list.accounts_for(each.first.file); });
}

bool write_all(const facts& found, const plan& settled, const std::string& build_directory,
               const std::vector<std::string>& roots) {
    if (settled.empty()) return true;
    std::vector<replacement> files;
    for (const auto& [file, planned] : settled) {
        files.push_back({file, found.files.at(file).content, planned.result.text});
    }
    const auto problems = journal(build_directory, roots).write(files);
    for (const std::string& each : problems) say(each);
    return problems.empty();
}

// Every file by its path from one folder, so that `patch -p1` takes them all there.
void show_diff(const facts& found, const plan& settled, const std::vector<std::string>& roots) {
    std::vector<std::string> files;
    for (const auto& each : settled) files.push_back(each.first);
    const std::string root = root_of_all(roots, files);
    for (const auto& [file, planned] : settled) {
        const std::string name = root.empty() ? file : file.substr(root.size() + 1);
        llvm::outs() << unified_diff(name, found.files.at(file).content, planned.result);
    }
}

}  // namespace

int run(options asked) {
    if (const std::string problem = missing_folder(asked); !problem.empty()) return say(problem), bad_usage;
    const std::string build_directory = find_build_directory(asked);
    if (asked.wanted == mode::undo) return undo(build_directory);
    // Before anything is read: the files may still have to become what they were.
    if (asked.wanted == mode::fix && !build_directory.empty() &&
        !tell(journal(build_directory, find_roots(build_directory, {})).recover(),
              "an earlier run was cut off and has been taken back")) {
        return conflict;
    }
    const unit_list list = list_units(asked);
    if (!list.problem.empty()) return say(list.problem), bad_usage;
    facts found;
    if (asked.wanted == mode::doctor) {
        const auto units = read_units(list, found, asked, true);
        llvm::outs() << diagnose(units);
        return count_units(units).failed > 0 ? units_failed : all_migrated;
    }
    const std::vector<read_unit> units = read_units(list, found, asked);
    const unit_counts counts = count_units(units);
    for (const read_unit& each : units) {
        if (each.why.empty() || !each.listed->selected) continue;
        const bool partly = each.ended == read_unit::state::partly;
        say(shown_path(each.listed->command.id) + (partly ? " parses in part: " : " does not parse: ") + each.why);
    }
    if (!asked.quiet) tell_notes(list);
    take_census(found);
    leave_by_choice(found, asked);
    verification checked;
    if (asked.wanted == mode::status)
        checked.settled = make_plan(found);
    else
        checked = verify(units, found, asked);
    if (!checked.passed) checked.settled.clear();
    settle_sites(found, !checked.passed);
    for (const std::string& each : checked.messages) say("taken back: " + each);
    if (const std::string problem = format_changed_lines(checked.settled, found, asked.format_style);
        !problem.empty()) {
        return say("'--format-style=" + asked.format_style + "': " + problem), bad_usage;
    }
    if (!asked.export_fixes.empty()) {
        const std::string problem = write_file(asked.export_fixes, exported_fixes(checked.settled, found));
        if (!problem.empty()) return say(problem), bad_usage;
    }
    bool written = true;
    if (asked.wanted == mode::fix) {
        written = write_all(found, checked.settled, build_directory, asked.roots);
    } else if (asked.wanted == mode::show) {
        show_diff(found, checked.settled, asked.roots);
    }
    forget_others(found, list);
    if (!asked.quiet) llvm::errs() << summary(found, counts, units, checked, asked);
    if (!write_reports(asked, found, counts)) return bad_usage;
    const site_totals totals = count(found);
    const bool conflicted =
        std::ranges::any_of(found.sites, [](const auto& each) { return each.second.reason == "conflict"; });
    if (!checked.passed || !checked.messages.empty() || !written || conflicted) return conflict;
    if (counts.failed > 0) return units_failed;
    const unsigned left = asked.wanted == mode::fix ? totals.sites - totals.migrated : totals.sites;
    return left > 0 ? sites_remain : all_migrated;
}

}  // namespace migrate
