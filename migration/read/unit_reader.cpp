// SPDX-License-Identifier: Apache-2.0
#include "read/unit_reader.hpp"

#include <llvm/Support/FileSystem.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "facts/facts_archive.hpp"
#include "process/progress.hpp"
#include "process/worker_pool.hpp"
#include "read/unit_parser.hpp"
#include "rules/legacy_names.hpp"
#include "text/shown_path.hpp"

namespace migrate {
namespace {

std::string told(const ParseError& error) {
    if (error.file.empty()) return error.message;
    return shown_path(error.file) + ":" + std::to_string(error.line) + ": " + error.message;
}

void note_failed_unit(Facts& found, const ListedUnit& unit) {
    for (const std::string& file : unit.closure.files) {
        if (is_error_header(file)) continue;
        FileFacts& held = found.files[file];
        held.in_failed_unit = true;
        if (held.content.empty()) {
            std::ifstream stream(file, std::ios::binary);
            held.content.assign(std::istreambuf_iterator<char>(stream), {});
        }
    }
    found.unit_files[unit.command.id].insert(unit.closure.files.begin(), unit.closure.files.end());
}

void take_in(ReadUnit& unit, Facts& found, const JobEnd& end, const Options& asked) {
    ParseOutcome outcome;
    std::string damaged;
    if (end.ended == JobEnd::How::answered) damaged = unpack_into(found, outcome, end.answer);
    unit.errors = outcome.errors;
    if (outcome.skipped) {
        unit.ended = ReadUnit::State::skipped;
        return;
    }
    unit.ended = ReadUnit::State::failed;
    if (end.ended == JobEnd::How::timed_out) {
        unit.why = "took longer than " + std::to_string(asked.unit_seconds) + " s (--unit-timeout)";
    } else if (end.ended == JobEnd::How::crashed) {
        unit.why =
            "the parser crashed" + (end.signal == 0 ? std::string() : " (signal " + std::to_string(end.signal) + ")");
    } else if (!damaged.empty()) {
        unit.why = damaged == "?" ? "the parser gave no whole answer" : damaged + " changed while it was read";
    } else if (!outcome.errors.empty()) {
        unit.why = told(outcome.errors.front());
        if (outcome.readable) unit.ended = ReadUnit::State::partly;
    } else {
        unit.ended = ReadUnit::State::parsed;
    }
    if (unit.ended == ReadUnit::State::failed) note_failed_unit(found, *unit.listed);
}

}  // namespace

std::vector<ReadUnit> read_units(const UnitList& list, Facts& found, const Options& asked, bool all) {
    std::vector<ReadUnit> units(list.units.size());
    std::vector<std::size_t> wanted;
    std::set<std::size_t> to_ask;  // those that the preprocessor decides about
    // Handlers that stand alone in a unit matter where calls are left that may come to throw what they catch.
    const bool any = std::ranges::any_of(
        list.units, [](const auto& each) { return each.closure.mentions_legacy || !each.closure.text_says_all; });
    for (std::size_t at = 0; at < units.size(); ++at) {
        units[at].listed = &list.units[at];
        const IncludeClosure& closure = list.units[at].closure;
        // What is not there cannot be said to have no legacy name: it fails as any unit does that is not read.
        const bool gone = !llvm::sys::fs::exists(list.units[at].command.file);
        if (all || gone || closure.mentions_legacy || (any && closure.has_new_handlers)) {
            wanted.push_back(at);
        } else if (!closure.text_says_all) {
            wanted.push_back(at);
            to_ask.insert(at);
        }
    }
    // Facts are added in the order of the list, whichever unit is ready first, so that a run is the same every time.
    std::vector<JobEnd> ends(wanted.size());
    std::vector<bool> ready(wanted.size());
    std::size_t next = 0;
    Progress shown("reading", wanted.size(), asked.quiet);
    const auto job = [&](std::size_t at) {
        const ListedUnit& listed = list.units[wanted[at]];
        const bool asks = to_ask.contains(wanted[at]);
        if (asks && !sees_legacy(listed.command, listed.closure)) return pack(ParseOutcome{{}, false, true});
        Facts unit;
        const ParseOutcome outcome = collect(listed.command, unit, asked);
        return pack(outcome, unit);
    };
    const auto finished = [&](std::size_t at, JobEnd end) {
        ends[at] = std::move(end);
        ready[at] = true;
        shown.step(shown_path(list.units[wanted[at]].command.file));
        for (; next < wanted.size() && ready[next]; ++next) {
            take_in(units[wanted[next]], found, ends[next], asked);
            ends[next] = {};
        }
    };
    run_jobs(wanted.size(), asked.workers, std::chrono::seconds(asked.unit_seconds), job, finished);
    return units;
}

}  // namespace migrate
