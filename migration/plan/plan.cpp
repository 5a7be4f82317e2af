// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include <algorithm>
#include <tuple>

#include "text/source_text.hpp"

namespace migrate {
namespace {

using AcceptedEdits = std::map<std::string, std::vector<Edit>>;

void sort_edits(std::vector<Edit>& edits) {
    std::ranges::stable_sort(edits, {},
                             [](const Edit& each) { return std::tuple(each.offset, each.length != 0, each.order); });
}

// An edit that lies inside a larger plain replacement has nothing left to change. `edits` are sorted.
void drop_covered(std::vector<Edit>& edits) {
    unsigned reach = 0;  // the furthest end of a plain replacement that began before the offset looked at
    for (std::size_t first = 0; first < edits.size();) {
        std::size_t last = first;
        unsigned longest = 0;  // of those that begin right here
        for (; last < edits.size() && edits[last].offset == edits[first].offset; ++last) {
            if (edits[last].moved_length == 0) longest = std::max(longest, edits[last].end());
        }
        for (std::size_t at = first; at < last; ++at) {
            Edit& each = edits[at];
            const bool insertion = each.length == 0;
            const bool covered = insertion ? reach > each.offset : reach >= each.end() || longest > each.end();
            if (covered) each.file.clear();
        }
        reach = std::max(reach, longest);
        first = last;
    }
    std::erase_if(edits, [](const Edit& each) { return each.file.empty(); });
}

// Where neighbouring lines go that stood between two empty ones, one of the empty lines goes too.
void close_gaps(const std::string& text, std::vector<Edit>& edits) {
    const auto removes_lines = [&](const Edit& each) {
        return each.text.empty() && each.moved_length == 0 && each.length > 0 &&
               line_begin(text, each.offset) == each.offset && each.end() < text.size() &&
               line_begin(text, each.end()) == each.end();
    };
    for (std::size_t first = 0; first < edits.size();) {
        std::size_t last = first;
        while (last + 1 < edits.size() && removes_lines(edits[last]) && removes_lines(edits[last + 1]) &&
               edits[last].end() == edits[last + 1].offset) {
            ++last;
        }
        Edit& end = edits[last];
        const unsigned begin = edits[first].offset;
        if (last > first && begin > 0 && is_empty_line(text, line_begin(text, begin - 1)) &&
            is_empty_line(text, end.end())) {
            end.length = line_end(text, end.end()) - end.offset;
        }
        first = last + 1;
    }
}

// Variables of the error handler whose every use was an argument that is dropped now.
void drop_handler_variables(Facts& found, AcceptedEdits& accepted) {
    for (const auto& [at, variable] : found.handler_variables) {
        const bool unused = !variable.uses.empty() && std::ranges::all_of(variable.uses, [&](const Place& use) {
            const auto dropped = found.dropped_handler_uses.find(use);
            return dropped != found.dropped_handler_uses.end() && found.together.why_blocked(dropped->second).empty();
        });
        if (!unused || !found.files.at(at.file).editable) continue;
        const Groups::Key group = found.dropped_handler_uses.at(*variable.uses.begin());
        const std::string& text = found.files.at(at.file).content;
        Edit change;
        if (variable.statement.valid()) {
            const auto [begin, end] = whole_lines(text, variable.statement.begin, variable.statement.end);
            change = {at.file, begin, end - begin, ""};
        } else if (variable.name.valid() && variable.name.end > variable.name.begin) {
            const std::string name = text.substr(variable.name.begin, variable.name.end - variable.name.begin);
            change = {at.file, variable.name.begin, variable.name.end - variable.name.begin, "/*" + name + "*/"};
        } else {
            continue;
        }
        change.group = group;
        accepted[at.file].push_back(change);
    }
}

bool needs_anywhere(const std::map<Groups::Key, std::set<std::string>>& needed, const std::string& type) {
    return !type.empty() && std::ranges::any_of(needed, [&](const auto& each) { return each.second.contains(type); });
}

// Where a place of a group stays, the types of its objects keep its old name; what would have changed that place goes.
void stand_in(const Facts& found, AcceptedEdits& accepted) {
    const auto needed = found.transitions();
    if (needed.empty()) return;
    std::set<Groups::Key> staying;
    for (const auto& [at, each] : found.sites) {
        if (!each.stays.empty()) staying.insert(each.group);
    }
    for (auto& [file, edits] : accepted) {
        std::erase_if(edits, [&](const Edit& each) { return staying.contains(each.group); });
        const std::string& text = found.files.at(file).content;
        for (Edit& each : edits) {
            const auto types = needed.find(found.together.find(each.group));
            const bool here = types != needed.end() && types->second.contains(each.stand_in_for);
            // What an earlier run wrote stays until nothing needs the type, so that a run over its result changes
            // nothing.
            const bool written = text.substr(each.offset, each.length).find("transition") != std::string::npos;
            if (here || (written && needs_anywhere(needed, each.stand_in_for))) each.text = each.stand_in;
        }
    }
}

// Why a legacy header's line stays.
std::string why_included(const Facts& found, const Site& line, bool computed) {
    const std::string own = found.together.why_blocked(line.group);
    if (!own.empty()) return own;
    const std::string& unwritable = found.files.at(line.at.file).unwritable;
    if (!unwritable.empty()) return unwritable;
    return computed ? "computed-include" : "group";
}

bool is_computed(const FileFacts& file, unsigned hash) {
    const auto line = file.includes.find(hash);
    return line != file.includes.end() && line->second.computed;
}

}  // namespace

bool goes(const Facts& found, const Site& each) {
    return each.state != SiteState::unseen && found.together.why_blocked(each.group).empty();
}

bool covered(const AcceptedEdits& accepted, const Place& at) {
    const auto edits = accepted.find(at.file);
    if (edits == accepted.end()) return false;
    const std::vector<Edit>& sorted = edits->second;
    auto each = std::ranges::upper_bound(sorted, at.offset, {}, &Edit::offset);
    // Plain replacements lie apart, so only the last of them that begins before the place can hold it.
    while (each != sorted.begin()) {
        --each;
        if (each->length > 0 && each->moved_length == 0) return at.offset < each->end();
    }
    return false;
}

namespace {

// A place counts as migrated only where an edit takes its old name away. One that no edit covers stays, with what
// changes together with it. True where there was one.
bool leave_unedited(Facts& found, const AcceptedEdits& accepted) {
    std::vector<const Site*> unedited;
    for (const auto& [at, each] : found.sites) {
        if (!goes(found, each) || !each.stays.empty() || legacy_header(each.symbol) != nullptr) continue;
        const LegacyName name = find_legacy_name(each.symbol);
        const bool changes = name && name.spelled->kind != EditKind::keep;
        if (changes && !covered(accepted, at)) unedited.push_back(&each);
    }
    for (const Site* each : unedited) found.block(each->group, "unsupported", each->at);
    return !unedited.empty();
}

}  // namespace

Plan make_plan(Facts& found) {
    found.edits.block_conflicts(found.together);
    for (const auto& [at, each] : found.sites) {
        const FileFacts& file = found.files.at(at.file);
        if (file.in_failed_unit && each.state != SiteState::unseen) found.block(each.group, "unit-failed", at);
    }
    find_replaced_insides(found);
    keep_apart(found);
    const std::vector<Edit> handlers = plan_handlers(found);
    AcceptedEdits accepted;
    for (const std::string& file : found.edits.files()) accepted[file] = found.edits.accepted(file, found.together);
    stand_in(found, accepted);
    for (const Edit& each : handlers) accepted[each.file].push_back(each);
    drop_handler_variables(found, accepted);
    plan_views(found, accepted);
    for (auto& [file, edits] : accepted) {
        sort_edits(edits);
        drop_covered(edits);
    }
    std::erase_if(accepted, [](const auto& each) { return each.second.empty(); });
    if (leave_unedited(found, accepted)) return make_plan(found);
    const IncludeDecisions late = plan_includes(found, accepted);
    for (const Edit& each : late.edits) accepted[each.file].push_back(each);
    Plan result;
    for (auto& [file, edits] : accepted) {
        sort_edits(edits);
        close_gaps(found.files.at(file).content, edits);
        PlannedFile& planned = result[file];
        planned.result = apply_edits(found.files.at(file).content, edits);
        planned.changed = planned.result.text != found.files.at(file).content;
    }
    std::erase_if(result, [](const auto& each) { return !each.second.changed; });
    for (auto& [at, each] : found.sites) {
        const Rule* header = legacy_header(each.symbol);
        if (header == nullptr || each.state == SiteState::unseen) continue;
        const std::string& text = found.files.at(at.file).content;
        const unsigned hash = static_cast<unsigned>(text.rfind('#', at.offset));
        const auto planned = result.find(at.file);
        const std::string& after = planned == result.end() ? text : planned->second.result.text;
        if (header->module == "transition" && after.find(header->header) != std::string::npos)
            each.reason = "transition";
        else if (late.removed.contains({at.file, hash}))
            each.reason.clear();
        else
            each.reason = why_included(found, each, is_computed(found.files.at(at.file), hash));
    }
    return result;
}

namespace {

// What refused a group need not be a legacy name itself: an initialiser, say. Its reason then stands at the first name
// of the group, so that none waits for something that nobody names.
void tell_origins(Facts& found) {
    std::set<Groups::Key> told;
    for (const auto& [at, each] : found.sites) {
        if (each.reason != "group" && !each.reason.empty()) told.insert(found.together.find(each.group));
    }
    for (auto& [at, each] : found.sites) {
        if (each.reason != "group" || legacy_header(each.symbol) != nullptr) continue;
        if (told.insert(found.together.find(each.group)).second) each.reason = found.together.why_blocked(each.group);
    }
}

}  // namespace

void settle_sites(Facts& found, bool nothing_goes) {
    for (auto& [at, each] : found.sites) {
        if (nothing_goes && each.state != SiteState::unseen && legacy_header(each.symbol) == nullptr) {
            found.block(each.group, "verify", at);
        } else if (nothing_goes && each.reason.empty()) {
            each.reason = "verify";
        }
    }
    const auto needed = found.transitions();
    for (auto& [at, each] : found.sites) {
        if (each.state == SiteState::unseen) continue;
        if (legacy_header(each.symbol) != nullptr) {
            each.state = each.reason.empty() ? SiteState::migrated : SiteState::blocked;
            continue;
        }
        const std::string why = found.together.why_blocked(each.group);
        each.state = why.empty() ? SiteState::migrated : SiteState::blocked;
        if (why.empty()) {
            each.reason = each.stays;
            const std::string type(transition_type_of(each.symbol));
            if (each.module == "transition" && needs_anywhere(needed, type)) each.reason = "transition";
            if (!each.reason.empty()) each.state = SiteState::blocked;
        }
        // Handlers, conflicts and verification name the group as a whole.
        else if (each.reason.empty())
            each.reason = why == "handler" || why == "untyped-handler" || why == "conflict" || why == "verify" ||
                                  why == "unit-failed" || why == "not-selected"
                              ? why
                              : "group";
    }
    tell_origins(found);
}

}  // namespace migrate
