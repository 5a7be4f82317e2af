// SPDX-License-Identifier: Apache-2.0
#include "cli/driver.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Process.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <cstdlib>
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
#include "report/warnings.hpp"

namespace migrate {
namespace {

void say(const std::string& text) { llvm::errs() << "triune-migrate: " << text << "\n"; }

// Says what was taken back; false where something stood in the way.
bool tell(const Undone& taken, const std::string& what) {
    for (const std::string& each : taken.problems) say(each);
    if (!taken.restored.empty()) say(what + ": " + std::to_string(taken.restored.size()) + " files restored");
    return taken.problems.empty();
}

int undo(const std::string& build_directory) {
    if (build_directory.empty()) return say("name the folder of compile_commands.json with -p BUILD"), bad_usage;
    const Undone taken = Journal(build_directory, find_roots(build_directory, {})).undo();
    if (!taken.found) {
        say("there is no run to take back in '" + build_directory + "'");
        return bad_usage;
    }
    return tell(taken, "the last run was taken back") ? all_migrated : conflict;
}

UnitCounts count_units(const std::vector<ReadUnit>& units) {
    UnitCounts counts;
    for (const ReadUnit& each : units) {
        if (!each.listed->selected) continue;
        switch (each.ended) {
            case ReadUnit::State::parsed:
                ++counts.parsed;
                break;
            case ReadUnit::State::skipped:
                ++counts.skipped;
                break;
            case ReadUnit::State::partly:
            case ReadUnit::State::failed:
                ++counts.failed;
                break;
        }
    }
    return counts;
}

// Said before anything is read, which may take long.
std::string missing_folder(const Options& asked) {
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

// As no-color.org has it: the variable counts where it is not empty.
bool wants_colours() {
    const char* refused = std::getenv("NO_COLOR");
    return (refused == nullptr || *refused == '\0') && llvm::sys::Process::StandardErrHasColors();
}

// Once each, whatever number of units has the flag.
void tell_notes(const UnitList& list) {
    std::set<std::string> told;
    for (const ListedUnit& unit : list.units) {
        for (const std::string& each : unit.command.notes) {
            if (told.insert(each).second) say("note: " + each);
        }
    }
}

// Units outside the run are read for what they share with it; their own sites are not its business.
void forget_others(Facts& found, const UnitList& list) {
    std::erase_if(found.sites, [&](const auto& each) { return !list.accounts_for(each.first.file); });
}

bool write_all(const Facts& found, const Plan& settled, const std::string& build_directory,
               const std::vector<std::string>& roots) {
    if (settled.empty()) return true;
    std::vector<Replacement> files;
    for (const auto& [file, planned] : settled) {
        files.push_back({file, found.files.at(file).content, planned.result.text});
    }
    const auto problems = Journal(build_directory, roots).write(files);
    for (const std::string& each : problems) say(each);
    return problems.empty();
}

// Every file by its path from one folder, so that `patch -p1` takes them all there.
void show_diff(const Facts& found, const Plan& settled, const std::vector<std::string>& roots) {
    std::vector<std::string> files;
    for (const auto& each : settled) files.push_back(each.first);
    const std::string root = root_of_all(roots, files);
    for (const auto& [file, planned] : settled) {
        const std::string name = root.empty() ? file : file.substr(root.size() + 1);
        llvm::outs() << unified_diff(name, found.files.at(file).content, planned.result);
    }
}

}  // namespace

int run(Options asked) {
    if (const std::string problem = missing_folder(asked); !problem.empty()) return say(problem), bad_usage;
    const std::string build_directory = find_build_directory(asked);
    if (asked.wanted == Mode::undo) return undo(build_directory);
    // Before anything is read: the files may still have to become what they were.
    if (asked.wanted == Mode::fix && !build_directory.empty() &&
        !tell(Journal(build_directory, find_roots(build_directory, {})).recover(),
              "an earlier run was cut off and has been taken back")) {
        return conflict;
    }
    const UnitList list = list_units(asked);
    if (!list.problem.empty()) return say(list.problem), bad_usage;
    Facts found;
    if (asked.wanted == Mode::doctor) {
        const auto units = read_units(list, found, asked, true);
        llvm::outs() << diagnose(units);
        return count_units(units).failed > 0 ? units_failed : all_migrated;
    }
    const std::vector<ReadUnit> units = read_units(list, found, asked);
    const UnitCounts counts = count_units(units);
    for (const ReadUnit& each : units) {
        if (each.why.empty() || !each.listed->selected) continue;
        const bool partly = each.ended == ReadUnit::State::partly;
        say(shown_path(each.listed->command.id) + (partly ? " parses in part: " : " does not parse: ") + each.why);
    }
    if (!asked.quiet) tell_notes(list);
    take_census(found);
    leave_by_choice(found, asked);
    Verification checked;
    if (asked.wanted == Mode::status)
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
    if (asked.wanted == Mode::fix) {
        written = write_all(found, checked.settled, build_directory, asked.roots);
    } else if (asked.wanted == Mode::show) {
        show_diff(found, checked.settled, asked.roots);
    }
    forget_others(found, list);
    if (!asked.quiet) {
        const bool changed = asked.wanted == Mode::fix && written;
        llvm::errs() << warnings(found, changed ? checked.settled : Plan(), asked, wants_colours())
                     << summary(found, counts, units, checked, asked);
    }
    if (!write_reports(asked, found, checked.settled, counts)) return bad_usage;
    const SiteTotals totals = count(found);
    const bool conflicted =
        std::ranges::any_of(found.sites, [](const auto& each) { return each.second.reason == "conflict"; });
    if (!checked.passed || !checked.messages.empty() || !written || conflicted) return conflict;
    if (counts.failed > 0) return units_failed;
    const unsigned left = asked.wanted == Mode::fix ? totals.sites - totals.migrated : totals.sites;
    return left > 0 ? sites_remain : all_migrated;
}

}  // namespace migrate
