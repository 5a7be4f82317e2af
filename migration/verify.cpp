#include "verify.hpp"

#include <llvm/Support/FileSystem.h>

#include <algorithm>

#include "source_text.hpp"
#include "unit_parser.hpp"

namespace migrate {
namespace {

// Each round takes back one group a failing unit at least, so this many are enough for all but hopeless cases.
constexpr unsigned most_rounds = 40;

bool affected(const facts& found, const plan& settled, const unit_command& unit) {
    const auto files = found.unit_files.find(unit.file);
    return files != found.unit_files.end() &&
           std::ranges::any_of(settled, [&](const auto& each) { return files->second.contains(each.first); });
}

bool sees_new_api(const unit_command& unit) {
    return std::ranges::any_of(include_directories(unit), [](const std::string& directory) {
        return llvm::sys::fs::exists(directory + "/triune/triune.hpp");
    });
}

// The group whose edit stands nearest to the error, on its line first, then before it.
std::optional<groups::key> blame(const plan& settled, const facts& found, const parse_error& error) {
    const auto file = settled.find(error.file);
    if (file == settled.end()) return std::nullopt;
    const applied_text& applied = file->second.result;
    const unsigned begin = line_begin(applied.text, std::min(error.offset, static_cast<unsigned>(applied.text.size())));
    const unsigned end = line_end(applied.text, error.offset);
    std::optional<groups::key> nearest;
    unsigned distance = ~0U;
    for (const applied_edit& each : applied.edits) {
        if (!found.together.why_blocked(each.group).empty()) continue;
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

}  // namespace

verification verify(const std::vector<unit_command>& units, facts& found, const options& asked) {
    verification result;
    result.settled = make_plan(found);
    if (!asked.verify) return result;
    for (unsigned round = 0; round < most_rounds; ++round) {
        edited_files edited;
        for (const auto& [file, planned] : result.settled) edited[file] = planned.result.text;
        bool changed = false;
        bool failed = false;
        for (const unit_command& unit : units) {
            if (!affected(found, result.settled, unit)) continue;
            const unit_command modern =
                as_new_standard(unit, sees_new_api(unit) ? std::string() : asked.triune_include);
            const auto errors = check(modern, edited);
            if (errors.empty()) continue;
            failed = true;
            const parse_error& error = errors.front();
            const auto file = edited.find(error.file);
            std::string where = error.file;
            if (file != edited.end()) where += ":" + std::to_string(line_of(file->second, error.offset).line);
            result.messages.push_back(where + ": " + error.message);
            std::optional<groups::key> guilty = blame(result.settled, found, error);
            if (!guilty) {
                // The error is elsewhere: whatever this unit sees of the edits goes back.
                for (const std::string& seen : found.unit_files[unit.file]) {
                    const auto planned = result.settled.find(seen);
                    if (planned == result.settled.end()) continue;
                    for (const applied_edit& each : planned->second.result.edits) {
                        if (found.together.why_blocked(each.group).empty()) {
                            found.together.block(each.group, "verify");
                            changed = true;
                        }
                    }
                }
                continue;
            }
            found.together.block(*guilty, "verify");
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
