// SPDX-License-Identifier: Apache-2.0
#include "read/precompiled_headers.hpp"

#include <llvm/ADT/SmallString.h>
#include <llvm/Support/FileSystem.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>

#include "process/worker_pool.hpp"
#include "project/flags.hpp"
#include "read/unit_parser.hpp"

namespace migrate {
namespace {

// Some 30 MB each.
constexpr std::size_t max_headers = 12;
// Two units cost as much with one as without.
constexpr std::size_t worth_a_header = 3;

std::vector<std::string> flags_of(const UnitCommand& unit) {
    std::vector<std::string> flags = unit.arguments;
    flags.back() = unit.directory;  // in place of the file
    return flags;
}

// What stands in front of everything would be in the header too, as it was before any edit.
bool includes_by_flags(const UnitCommand& unit) {
    return std::ranges::any_of(unit.arguments, [](const std::string& each) {
        return starts_with_any(each, {"-include", "--include", "-imacros", "--imacros"});
    });
}

}  // namespace

PrecompiledHeaders::~PrecompiledHeaders() {
    if (!folder_.empty()) llvm::sys::fs::remove_directories(folder_);
}

void PrecompiledHeaders::make(const std::vector<UnitCommand>& units, const Options& asked) {
    std::map<std::vector<std::string>, std::vector<const UnitCommand*>> groups;
    for (const UnitCommand& each : units) {
        if (each.cuda || includes_by_flags(each)) continue;
        groups[flags_of(each)].push_back(&each);
        units_.insert(each.id);
    }
    std::vector<const UnitCommand*> wanted;
    std::vector<std::pair<std::size_t, const UnitCommand*>> by_count;
    for (const auto& [flags, members] : groups) {
        if (members.size() >= worth_a_header) by_count.emplace_back(members.size(), members.front());
    }
    std::ranges::stable_sort(by_count, std::ranges::greater{}, [](const auto& each) { return each.first; });
    for (const auto& each : by_count) wanted.push_back(each.second);
    wanted.resize(std::min(wanted.size(), max_headers));
    llvm::SmallString<128> folder;
    if (wanted.empty() || llvm::sys::fs::createUniqueDirectory("triune-migrate", folder)) return;
    folder_ = folder.str().str();
    const std::string header = folder_ + "/umbrella.hpp";
    std::ofstream(header) << "#include <triune/triune.hpp>\n";
    const auto output = [&](std::size_t at) { return folder_ + "/" + std::to_string(at) + ".pch"; };
    run_jobs(
        wanted.size(), asked.workers, std::chrono::seconds(asked.unit_seconds),
        [&](std::size_t at) {
            UnitCommand unit = *wanted[at];
            unit.file = unit.arguments.back() = header;
            return precompile(unit, output(at));
        },
        [&](std::size_t at, JobEnd end) {
            if (end.ended != JobEnd::How::answered || end.answer.empty()) return;
            PrecompiledHeader& made = by_flags_[flags_of(*wanted[at])];
            made.file = output(at);
            std::istringstream names(end.answer);
            for (std::string each; names >> each;) made.names.insert(each);
        });
}

const PrecompiledHeader* PrecompiledHeaders::for_unit(const UnitCommand& unit) const {
    const auto found = by_flags_.find(flags_of(unit));
    return found == by_flags_.end() || !units_.contains(unit.id) ? nullptr : &found->second;
}

}  // namespace migrate
