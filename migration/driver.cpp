#include "driver.hpp"

#include <clang/Tooling/CompilationDatabase.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/raw_ostream.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "census.hpp"
#include "diff.hpp"
#include "include_closure.hpp"
#include "report.hpp"
#include "unit_parser.hpp"
#include "verify.hpp"
#include "write.hpp"

namespace migrate {
namespace {

std::string real(const std::string& path) {
    llvm::SmallString<256> result;
    return llvm::sys::fs::real_path(path, result) ? path : result.str().str();
}

// The wanted units; a header among the files asks for every unit, since any of them may see it.
bool find_units(const options& asked, std::vector<unit_command>& units) {
    std::string problem;
    const auto database = clang::tooling::CompilationDatabase::loadFromDirectory(asked.build_directory, problem);
    if (database == nullptr) {
        llvm::errs() << "triune-migrate: no compile_commands.json in '" << asked.build_directory << "'\n";
        return false;
    }
    std::set<std::string> wanted;
    for (const std::string& file : asked.files) {
        if (!llvm::sys::fs::exists(file)) {
            llvm::errs() << "triune-migrate: no such file: '" << file << "'\n";
            return false;
        }
        wanted.insert(real(file));
    }
    std::set<std::string> known;
    for (const auto& command : database->getAllCompileCommands()) {
        if (command.Filename.ends_with(".pch") || command.Filename.ends_with("cmake_pch.hxx.cxx")) continue;
        unit_command unit = understand(command, asked.extra_arguments);
        known.insert(real(unit.file));
        if (wanted.empty() || wanted.contains(real(unit.file))) units.push_back(std::move(unit));
    }
    for (const std::string& file : wanted) {
        if (known.contains(file)) continue;
        llvm::errs() << "triune-migrate: '" << file << "' is not a unit of the compilation database\n";
        return false;
    }
    return true;
}

void note_failed_unit(facts& found, const unit_command& unit, const include_closure& closure) {
    for (const std::string& file : closure.files) {
        if (is_error_header(file)) continue;
        file_facts& held = found.files[file];
        held.in_failed_unit = true;
        if (held.content.empty()) {
            std::ifstream stream(file, std::ios::binary);
            held.content.assign(std::istreambuf_iterator<char>(stream), {});
        }
    }
    found.unit_files[unit.file].insert(closure.files.begin(), closure.files.end());
}

void summarise(const facts& found, const unit_counts& units, const plan& settled, const options& asked) {
    if (asked.quiet) return;
    const site_totals totals = count(found);
    llvm::errs() << "triune-migrate: " << totals.sites << " sites: " << totals.migrated
                 << (asked.fix ? " migrated, " : " can be migrated, ") << totals.blocked << " blocked, "
                 << totals.unseen << " unseen; " << settled.size() << " files to change; units: " << units.parsed
                 << " parsed, " << units.skipped << " skipped, " << units.failed << " failed\n";
    std::map<std::string, unsigned> reasons;
    bool manager = false;
    for (const auto& [at, each] : found.sites) {
        if (!each.reason.empty()) ++reasons[each.reason];
        manager = manager || (each.state == site_state::migrated && each.symbol == "gpu::DynamicBufferManager");
    }
    for (const auto& [reason, times] : reasons) {
        llvm::errs() << "  " << reason << ": " << times << " (triune-migrate --explain " << reason << ")\n";
    }
    if (manager) llvm::errs() << "note: the new manager enforces its 6 GiB limit; the legacy one only warned\n";
    if (!settled.empty()) llvm::errs() << "note: the new API is C++20; build the changed units with -std=c++20\n";
}

bool write_report(const options& asked, const facts& found, const unit_counts& units) {
    if (asked.report.empty()) return true;
    std::ofstream stream(asked.report, std::ios::binary);
    stream << report_json(found, units);
    stream.close();
    if (!stream) llvm::errs() << "triune-migrate: cannot write the report '" << asked.report << "'\n";
    return static_cast<bool>(stream);
}

}  // namespace

int run(const options& asked) {
    std::vector<unit_command> units;
    if (!find_units(asked, units)) return bad_usage;
    facts found;
    unit_counts counts;
    std::vector<unit_command> parsed;
    for (const unit_command& unit : units) {
        const include_closure closure = close_includes(unit);
        if (!closure.mentions_legacy) {
            ++counts.skipped;
            continue;
        }
        const auto errors = collect(unit, found, asked);
        if (errors.empty()) {
            ++counts.parsed;
            parsed.push_back(unit);
            continue;
        }
        ++counts.failed;
        note_failed_unit(found, unit, closure);
        llvm::errs() << "triune-migrate: " << shown_path(unit.file) << " does not parse: " << errors.front().message
                     << "\n";
    }
    take_census(found);
    verification checked;
    if (asked.status) {
        checked.settled = make_plan(found);
    } else {
        checked = verify(parsed, found, asked);
    }
    if (!checked.passed) checked.settled.clear();
    settle_sites(found, checked.settled);
    for (const std::string& each : checked.messages) llvm::errs() << "triune-migrate: taken back: " << each << "\n";
    bool written = true;
    for (const auto& [file, planned] : checked.settled) {
        const std::string& before = found.files.at(file).content;
        if (asked.fix) {
            const std::string problem = write_file(file, before, planned.result.text);
            if (!problem.empty()) llvm::errs() << "triune-migrate: " << problem << "\n";
            written = written && problem.empty();
        } else if (!asked.status) {
            llvm::outs() << unified_diff(shown_path(file), before, planned.result);
        }
    }
    summarise(found, counts, checked.settled, asked);
    if (!write_report(asked, found, counts)) return bad_usage;
    const site_totals totals = count(found);
    const bool conflicted =
        std::ranges::any_of(found.sites, [](const auto& each) { return each.second.reason == "conflict"; });
    if (!checked.passed || !checked.messages.empty() || !written || conflicted) return conflict;
    if (counts.failed > 0) return units_failed;
    const unsigned left = asked.fix ? totals.sites - totals.migrated : totals.sites;
    return left > 0 ? sites_remain : all_migrated;
}

}  // namespace migrate
