// SPDX-License-Identifier: Apache-2.0
#include "apply/verify.hpp"

#include <algorithm>
#include <optional>

#include "facts/facts_archive.hpp"
#include "process/progress.hpp"
#include "process/worker_pool.hpp"
#include "read/precompiled_headers.hpp"
#include "read/unit_parser.hpp"
#include "text/shown_path.hpp"
#include "text/source_text.hpp"

namespace migrate {
namespace {

// Each round takes back one group a failing unit at least, so this many are enough for all but hopeless cases.
constexpr unsigned max_rounds = 40;

bool affected(const Facts& found, const Plan& settled, const UnitCommand& unit) {
    const auto files = found.unit_files.find(unit.id);
    return files != found.unit_files.end() &&
           std::ranges::any_of(settled, [&](const auto& each) { return files->second.contains(each.first); });
}

// The group whose edit stands nearest to the error, on its line first, then before it.
// `any`: even where it has been taken back since.
std::optional<Groups::Key> blame(const Plan& settled, const Facts& found, const ParseError& error, bool any = false) {
    const auto file = settled.find(error.file);
    if (file == settled.end()) return std::nullopt;
    const AppliedText& applied = file->second.result;
    const unsigned begin = line_begin(applied.text, std::min(error.offset, static_cast<unsigned>(applied.text.size())));
    const unsigned end = line_end(applied.text, error.offset);
    std::optional<Groups::Key> nearest;
    unsigned distance = ~0U;
    for (const AppliedEdit& each : applied.edits) {
        if (!any && !found.together.why_blocked(each.group).empty()) continue;
        const bool on_line = each.new_offset < end && each.new_end >= begin;
        const unsigned away =
            on_line ? (each.new_offset > error.offset ? each.new_offset - error.offset
                                                      : error.offset - std::min(error.offset, each.new_end))
                    : (each.new_end <= error.offset ? 1000 + error.offset - each.new_end : ~0U);
        if (away < distance) {
            distance = away;
            nearest = each.group;
        }
    }
    return nearest;
}

// Checks each unit in a process of its own; a crash is an error like any other.
std::vector<std::vector<ParseError>> check_all(const std::vector<UnitCommand>& units, const EditedFiles& edited,
                                               const PrecompiledHeaders& headers, const Facts& found,
                                               const Options& asked) {
    static const std::vector<Meaning> nothing;
    std::vector<std::vector<ParseError>> errors(units.size());
    Progress shown("verifying", units.size(), asked.quiet);
    run_jobs(
        units.size(), asked.workers, std::chrono::seconds(asked.unit_seconds),
        [&](std::size_t at) {
            const auto meanings = found.meanings.find(units[at].id);
            const bool compared = !edited.empty() && meanings != found.meanings.end();
            return pack(ParseOutcome{
                check(units[at], edited, compared ? meanings->second : nothing, headers.for_unit(units[at])), true});
        },
        [&](std::size_t at, JobEnd end) {
            ParseOutcome outcome;
            shown.step(shown_path(units[at].file));
            if (end.ended == JobEnd::How::answered && unpack(outcome, end.answer)) {
                errors[at] = outcome.errors;
                return;
            }
            ParseError failed;
            failed.message = end.ended == JobEnd::How::timed_out ? "took too long" : "the parser crashed";
            errors[at] = {failed};
        });
    return errors;
}

// Where a file includes the new API already, its place is not that of the legacy header which goes: what stands between
// them would not be seen to lack something.
bool may_take_header_first(const Facts& found, const UnitCommand& unit) {
    const auto seen = found.unit_files.find(unit.id);
    if (seen == found.unit_files.end()) return false;
    return std::ranges::none_of(seen->second, [&](const std::string& path) {
        const auto file = found.files.find(path);
        return file != found.files.end() && std::ranges::any_of(file->second.includes, [](const auto& line) {
                   return line.second.spelled.find("triune/") != std::string::npos;
               });
    });
}

// What the edited unit says and the unedited one does not; places move, so messages are counted.
std::vector<ParseError> new_errors(const std::vector<ParseError>& before, const std::vector<ParseError>& after) {
    std::multiset<std::string> known;
    for (const ParseError& each : before) known.insert(each.message);
    std::vector<ParseError> result;
    for (const ParseError& each : after) {
        if (const auto found = known.find(each.message); found != known.end())
            known.erase(found);
        else
            result.push_back(each);
    }
    return result;
}

// Takes back what this unit sees of the edits: its error stands in no edited file.
bool take_back_all(Facts& found, const Plan& settled, const UnitCommand& unit, const std::string& reason = "verify") {
    bool changed = false;
    for (const std::string& seen : found.unit_files[unit.id]) {
        const auto planned = settled.find(seen);
        if (planned == settled.end()) continue;
        for (const AppliedEdit& each : planned->second.result.edits) {
            if (!found.together.why_blocked(each.group).empty()) continue;
            found.together.block(each.group, reason);
            changed = true;
        }
    }
    return changed;
}

bool has_errors(const std::vector<ParseError>& all) {
    return std::ranges::any_of(all, [](const ParseError& each) { return !each.of_meaning; });
}

// The groups of the edits that were planned, whatever has been taken back since.
std::set<Groups::Key> groups_of(const Facts& found, const Plan& settled) {
    std::set<Groups::Key> all;
    for (const auto& [file, planned] : settled) {
        for (const AppliedEdit& each : planned.result.edits) all.insert(found.together.find(each.group));
    }
    return all;
}

// What a unit would mean otherwise is taken back with all that has a part in it; where none of that is edited, with
// what is edited nearest to it. True where the plan is another now.
bool take_back_meanings(Facts& found, const Plan& settled, const UnitCommand& unit,
                        const std::vector<ParseError>& differences) {
    bool changed = false;
    const std::set<Groups::Key> made = groups_of(found, settled);
    for (const ParseError& each : differences) {
        const std::string message = shown_path(each.file) + ":" + std::to_string(each.line) + ": " + each.message;
        std::set<Groups::Key> guilty;
        for (const std::string& part : each.parts) {
            const Groups::Key root = found.together.find(found.together.of(part));
            if (made.contains(root)) guilty.insert(root);
        }
        if (const auto nearest = guilty.empty() ? blame(settled, found, each, true) : std::nullopt)
            guilty.insert(*nearest);
        for (const Groups::Key group : guilty) {
            if (!found.together.why_blocked(group).empty()) continue;
            found.together.block(group, "resolves-otherwise");
            found.messages.try_emplace(group, message);
            changed = true;
        }
        if (guilty.empty()) changed = take_back_all(found, settled, unit, "resolves-otherwise") || changed;
    }
    return changed;
}

}  // namespace

Verification verify(const std::vector<ReadUnit>& units, Facts& found, const Options& asked) {
    Verification result;
    result.settled = make_plan(found);
    if (!asked.verify) return result;
    std::vector<UnitCommand> modern;
    for (const ReadUnit& each : units) {
        if (!each.readable() || !affected(found, result.settled, each.listed->command)) continue;
        const UnitCommand& unit = each.listed->command;
        modern.push_back(as_new_standard(unit, asked.triune_include));
    }
    const PrecompiledHeaders none;
    PrecompiledHeaders headers;
    std::vector<UnitCommand> alike = modern;
    std::erase_if(alike, [&](const UnitCommand& unit) { return !may_take_header_first(found, unit); });
    headers.make(alike, asked);
    std::map<std::string, std::vector<ParseError>> own;  // errors of unedited units, where they were asked for
    for (unsigned round = 0; round < max_rounds; ++round) {
        std::erase_if(modern, [&](const UnitCommand& unit) { return !affected(found, result.settled, unit); });
        EditedFiles edited;
        for (const auto& [file, planned] : result.settled) edited[file] = planned.result;
        auto errors = check_all(modern, edited, headers, found, asked);
        std::vector<UnitCommand> unknown;
        for (std::size_t at = 0; at < modern.size(); ++at) {
            if (has_errors(errors[at]) && !own.contains(modern[at].id)) unknown.push_back(modern[at]);
        }
        const auto before = check_all(unknown, {}, none, found, asked);
        for (std::size_t at = 0; at < unknown.size(); ++at) {
            own[unknown[at].id] = before[at];
            if (before[at].empty()) continue;
            const ParseError& first = before[at].front();
            result.not_cpp20.push_back(shown_path(unknown[at].file) + ":" + std::to_string(first.line) + ": " +
                                       first.message);
        }
        bool changed = false;
        bool failed = false;
        // An error in a header comes once a unit, and one group answers for it.
        std::set<std::pair<std::string, unsigned>> answered;
        for (std::size_t at = 0; at < modern.size(); ++at) {
            if (errors[at].empty()) continue;
            if (!has_errors(errors[at])) {
                failed = take_back_meanings(found, result.settled, modern[at], errors[at]) || failed;
                changed = changed || failed;
                continue;
            }
            const auto fresh = new_errors(own[modern[at].id], errors[at]);
            if (fresh.empty()) continue;
            failed = true;
            const ParseError& error = fresh.front();
            if (!error.file.empty() && !answered.insert({error.file, error.offset}).second) continue;
            const std::string where = shown_path(error.file) + ":" + std::to_string(error.line);
            result.messages.push_back((error.file.empty() ? shown_path(modern[at].file) : where) + ": " +
                                      error.message);
            const std::optional<Groups::Key> guilty = blame(result.settled, found, error);
            if (!guilty) {
                changed = take_back_all(found, result.settled, modern[at]) || changed;
                continue;
            }
            found.together.block(*guilty, "verify");
            found.messages.try_emplace(*guilty, result.messages.back());
            ++result.groups_taken_back;
            changed = true;
        }
        if (!failed) return result;
        if (!changed) break;
        result.settled = make_plan(found);
        if (result.settled.empty()) return result;
    }
    result.passed = false;
    return result;
}

}  // namespace migrate
