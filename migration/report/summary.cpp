// SPDX-License-Identifier: Apache-2.0
#include "report/summary.hpp"

#include <llvm/ADT/StringRef.h>

#include <algorithm>

#include "report/holding.hpp"

namespace migrate {
namespace {

constexpr std::size_t max_names = 5;

// Units whose command line asks for an older standard than the new API has, and that see an edited file.
std::vector<std::string> older_units(const Facts& found, const std::vector<ReadUnit>& units, const Plan& settled) {
    std::vector<std::string> result;
    for (const ReadUnit& each : units) {
        if (!each.readable() || !is_older_than_cpp20(each.listed->command)) continue;
        const auto files = found.unit_files.find(each.listed->command.id);
        if (files == found.unit_files.end()) continue;
        const bool touched =
            std::ranges::any_of(settled, [&](const auto& edited) { return files->second.contains(edited.first); });
        if (touched) result.push_back(shown_path(each.listed->command.file));
    }
    return result;
}

std::string named(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t at = 0; at < std::min(names.size(), max_names); ++at) text += (at == 0 ? "" : ", ") + names[at];
    if (names.size() > max_names) text += " and " + std::to_string(names.size() - max_names) + " more";
    return text;
}

// The places that most others wait for, with what stands there and what to do.
std::string max_holding(const Facts& found) {
    const std::vector<HeldPlace> ranked = rank_holding(found);
    std::string text;
    for (std::size_t at = 0; at < std::min(ranked.size(), max_names); ++at) {
        const HeldPlace& each = ranked[at];
        text += "  mend " + each.file + ":" + std::to_string(each.line) + " (" + each.about->symbol + ", " +
                each.about->reason + "), and " + std::to_string(each.followers) + " follow\n    " +
                llvm::StringRef(each.text).trim().str() + "\n";
        if (!each.message.empty())
            text += (each.about->reason == "verify" ? "    the compiler says: " : "    ") + each.message + "\n";
        if (!each.what_to_do.empty()) text += "    " + std::string(each.what_to_do) + "\n";
    }
    return text;
}

// How many results are views, and why the others are still copies.
std::string views_and_copies(const Facts& found) {
    std::map<std::string, unsigned> notes;
    for (const auto& [at, each] : found.sites) {
        if (!each.note.empty()) ++notes[each.note];
    }
    std::string text = std::to_string(notes["view"]) + " views";
    notes.erase("view");
    for (const auto& [note, times] : notes) text += ", " + note + ": " + std::to_string(times);
    return text;
}

}  // namespace

std::string summary(const Facts& found, const UnitCounts& counts, const std::vector<ReadUnit>& units,
                    const Verification& checked, const Options& asked) {
    const SiteTotals totals = count(found);
    const auto number = [](unsigned value) { return std::to_string(value); };
    std::string text = "triune-migrate: " + number(totals.sites) + " sites: " + number(totals.migrated) +
                       (asked.wanted == Mode::fix ? " migrated, " : " can be migrated, ") + number(totals.blocked) +
                       " blocked, " + number(totals.unseen) + " unseen; " + std::to_string(checked.settled.size()) +
                       " files to change; units: " + number(counts.parsed) + " parsed, " + number(counts.skipped) +
                       " skipped, " + number(counts.failed) + " failed\n";
    std::map<std::string, unsigned> reasons;
    bool manager = false;
    for (const auto& [at, each] : found.sites) {
        if (!each.reason.empty()) ++reasons[each.reason];
        manager = manager || (each.state == SiteState::migrated && each.symbol == "gpu::DynamicBufferManager");
    }
    for (const auto& [reason, times] : reasons) {
        text += "  " + reason + ": " + number(times) + " (triune-migrate --explain " + reason + ")\n";
    }
    text += max_holding(found);
    if (asked.zero_copy) text += "zero-copy: " + views_and_copies(found) + "\n";
    if (manager) text += "note: the new manager enforces its 6 GiB limit; the legacy one only warned\n";
    if (const auto older = older_units(found, units, checked.settled); !older.empty()) {
        text +=
            "note: the new API is C++20; build with -std=c++20 (CMake: set(CMAKE_CXX_STANDARD 20)): " + named(older) +
            "\n";
    }
    if (!checked.not_cpp20.empty()) {
        text += "note: not C++20 before any edit: " + named(checked.not_cpp20) + "\n";
    }
    return text;
}

}  // namespace migrate
