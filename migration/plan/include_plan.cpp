// SPDX-License-Identifier: Apache-2.0
// Settles include lines, using-directives and namespace aliases: what each file still needs of the legacy namespaces.
#include <algorithm>
#include <optional>

#include "plan/compiled_together.hpp"
#include "plan/plan.hpp"
#include "text/source_text.hpp"

namespace migrate {
namespace {

constexpr std::string_view plain_umbrella = "#include <triune/triune.hpp>";
constexpr std::string_view transition_umbrella = "#include <triune/transition.hpp>";

using AcceptedEdits = std::map<std::string, std::vector<Edit>>;

// A file that a unit compiles together with a transition type includes them.
std::string umbrella_of(const Facts& found, const AcceptedEdits& accepted, const FileFacts& file) {
    const auto names_one = [](const Edit& each) { return each.text.find("transition") != std::string::npos; };
    for (const auto& [path, edits] : accepted) {
        if (std::ranges::none_of(edits, names_one)) continue;
        const auto& units = found.files.at(path).units;
        if (std::ranges::any_of(units, [&](const std::string& each) { return file.units.contains(each); })) {
            return std::string(transition_umbrella);
        }
    }
    return std::string(plain_umbrella);
}

// Whether the place stands under #if: what is included there does not serve what stands outside. An include guard is
// none.
bool is_conditional(const std::string& text, unsigned offset) {
    std::vector<bool> open;
    bool guard = false;  // the directive before was an #ifndef
    for (std::size_t at = text.find('#'); at < offset; at = text.find('#', at + 1)) {
        const unsigned hash = static_cast<unsigned>(at);
        const unsigned before = previous_character(text, hash);
        if (before < text.size() && before >= line_begin(text, hash)) continue;
        const unsigned begin = skip_spaces(text, hash + 1);
        const std::string word = text.substr(begin, identifier_end(text, begin) - begin);
        if (word == "define" && guard && open.size() == 1) open.back() = false;
        guard = word == "ifndef";
        if (word.starts_with("if")) open.push_back(true);
        if (word == "endif" && !open.empty()) open.pop_back();
    }
    return std::ranges::find(open, true) != open.end();
}

// Whether another file of each unit that sees this one brings the new header: by a line that is there, or by one that
// takes the place of a legacy line. A flag, and a file that cannot be edited, go on bringing the legacy header alone.
bool is_brought(const Facts& found, const std::string& path) {
    const auto brings = [&](const std::string& other) {
        const FileFacts& file = found.files.at(other);
        return std::ranges::any_of(file.includes, [&](const auto& each) {
            const IncludeLine& line = each.second;
            const Rule* header = legacy_header(line.resolved.empty() ? line.spelled : line.resolved);
            return line.spelled == "triune/triune.hpp" || (header != nullptr && file.editable && !file.in_failed_unit);
        });
    };
    return std::ranges::all_of(found.files.at(path).units, [&](const std::string& unit) {
        return std::ranges::any_of(found.unit_files.at(unit), brings);
    });
}

bool is_main_file(const FileFacts& file, const std::string& path) {
    return std::ranges::any_of(file.units,
                               [&](const std::string& unit) { return unit == path || unit.starts_with(path + "#"); });
}

// Where the first include line of a file goes that has none: behind the comment at its head and what guards it. None
// where what is neither a unit nor guarded may stand in the middle of a declaration.
std::optional<unsigned> first_include_place(const std::string& text, bool main_file) {
    unsigned at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    unsigned behind = at;
    while (text.compare(behind, 2, "//") == 0) behind = line_end(text, behind);
    if (const std::size_t close = text.find("*/", behind); text.compare(behind, 2, "/*") == 0 && close != text.npos)
        behind = line_end(text, static_cast<unsigned>(close));
    // A comment that nothing parts from the code behind it is about that code.
    if (behind < text.size() && is_empty_line(text, behind)) at = behind;
    const unsigned first = skip_spaces(text, at);
    if (text.compare(first, 12, "#pragma once") == 0) return line_end(text, first);
    if (text.compare(first, 7, "#ifndef") == 0) {
        const unsigned second = line_end(text, first);
        if (text.compare(second, 7, "#define") == 0) return line_end(text, second);
    }
    return main_file ? std::optional(at) : std::nullopt;
}

// A file that names the new API without ever having included a legacy header includes the new one itself, so that it
// does not depend on when the headers it includes are migrated.
void add_umbrella(Facts& found, const AcceptedEdits& accepted, const std::string& path, IncludeDecisions& result) {
    const FileFacts& file = found.files.at(path);
    const auto edits = accepted.find(path);
    if (edits == accepted.end()) return;
    const auto names_new_api = [](const Edit& each) { return each.text.find("triune::") != std::string::npos; };
    const auto first = std::ranges::find_if(edits->second, names_new_api);
    if (first == edits->second.end()) return;
    const std::string umbrella = umbrella_of(found, accepted, file);
    // Where an announcement stood, perhaps.
    const auto stands = [&](const Edit& each) {
        return each.text.starts_with(umbrella) && !is_conditional(file.content, each.offset);
    };
    if (std::ranges::any_of(edits->second, stands)) return;
    const auto add = [&](unsigned at, bool crlf) {
        Edit change{path, at, 0, umbrella + (crlf ? "\r\n" : "\n")};
        change.group = first->group;
        result.edits.push_back(change);
    };
    if (file.includes.empty()) {
        const auto at = first_include_place(file.content, is_main_file(file, path));
        if (at && !is_brought(found, path)) add(*at, file.content.find("\r\n") != std::string::npos);
        return;
    }
    // Behind the last line of the first block of angled includes, else behind the last include.
    const IncludeLine* last = nullptr;
    for (const auto& [offset, line] : file.includes) {
        const bool follows =
            last == nullptr || line_end(file.content, last->offset) == line_begin(file.content, offset);
        if (last == nullptr || (line.angled && !last->angled) ||
            (line.angled == last->angled && (follows || !line.angled))) {
            last = &line;
        }
    }
    const unsigned at = line_end(file.content, last->offset);
    add(at, at >= 2 && file.content[at - 1] == '\n' && file.content[at - 2] == '\r');
}

// Whether something around the file still needs the header.
bool is_needed(const RemainingNeeds& needed, const Rule& header) {
    const std::set<std::string>& staying = needed.legacy_modules;
    return staying.contains(std::string(header.module)) ||
           (header.module != "transition" && staying.contains("device_buffer"));
}

void plan_file(Facts& found, const AcceptedEdits& accepted, const CompiledTogether& others, const std::string& path,
               IncludeDecisions& result) {
    const FileFacts& file = found.files.at(path);
    std::vector<const IncludeLine*> legacy;
    bool has_umbrella = false;
    bool has_error_header = false;
    const std::string umbrella = umbrella_of(found, accepted, file);
    for (const auto& [offset, line] : file.includes) {
        const Rule* header = legacy_header(line.resolved.empty() ? line.spelled : line.resolved);
        // The transition types that an earlier run included are still needed.
        const bool still = header != nullptr && header->module == "transition" && umbrella == transition_umbrella;
        if (still) has_umbrella = true;
        if (header != nullptr && !still) legacy.push_back(&line);
        if (line.spelled == "triune/triune.hpp") has_umbrella = true;
        if (is_error_header(line.spelled)) has_error_header = true;
    }
    if (!file.editable || file.in_failed_unit) return;
    if (legacy.empty()) {
        if (!has_umbrella) add_umbrella(found, accepted, path, result);
        return;
    }
    const RemainingNeeds& needed = others.around(path);
    const bool error_header = needed.wants_errors || others.names_errors(path);
    const std::string& text = file.content;
    bool first = true;
    for (const IncludeLine* line : legacy) {
        const Rule* header = legacy_header(line->resolved.empty() ? line->spelled : line->resolved);
        const unsigned begin = line_begin(text, line->offset);
        const unsigned end = line_end(text, line->offset);
        const bool crlf = end >= 2 && text[end - 1] == '\n' && text[end - 2] == '\r';
        const std::string line_break = crlf ? "\r\n" : "\n";
        const Groups::Key group = found.together.of("I:" + path + ":" + std::to_string(line->offset));
        const bool kept = is_needed(needed, *header) || line->computed || !found.together.why_blocked(group).empty();
        const bool wanted = first && !has_umbrella && (needed.new_names || !kept);
        const auto add = [&](unsigned from, unsigned to, std::string inserted) {
            Edit change{path, from, to - from, std::move(inserted)};
            change.group = group;
            result.edits.push_back(change);
        };
        // The error header in the spelling of the legacy line that brought it.
        std::string error_line;
        const auto utils_at = line->spelled.find_last_of('/');
        if (first && error_header && !has_error_header && !kept) {
            std::string folder = utils_at == std::string::npos ? std::string() : line->spelled.substr(0, utils_at + 1);
            if (folder.ends_with("gpu/")) folder.replace(folder.size() - 4, 4, "utils/");
            error_line = std::string("#include ") + (line->angled ? "<" : "\"") + folder + "cuda_error_handling.hpp" +
                         (line->angled ? ">" : "\"");
        }
        if (kept) {
            if (wanted) add(begin, begin, umbrella + line_break);
        } else {
            result.removed[{path, line->offset}] = true;
            // Only the directive itself is replaced, so that a comment behind it is kept.
            const unsigned name_end = line->name_offset + static_cast<unsigned>(line->spelled.size()) + 2;
            if (wanted) {
                add(line->offset, name_end, umbrella + (error_line.empty() ? "" : line_break + error_line));
            } else {
                add(begin, end, error_line.empty() ? "" : error_line + line_break);
            }
        }
        if (!is_conditional(text, line->offset)) first = false;
    }
}

// Where no unit includes the header any more, its project need not have it either: the condition would become false.
void plan_questions(Facts& found, const CompiledTogether& others, const std::string& path, IncludeDecisions& result) {
    const FileFacts& file = found.files.at(path);
    if (!file.editable || file.in_failed_unit) return;
    for (const auto& [offset, asked] : file.asked) {
        const Rule* header = legacy_header(asked.spelled);
        const Groups::Key group = found.together.of("I:" + path + ":" + std::to_string(offset));
        if (!asked.is_there || header == nullptr || is_needed(others.around(path), *header) ||
            !found.together.why_blocked(group).empty())
            continue;
        Edit change{path, offset, static_cast<unsigned>(asked.spelled.size()) + 2, "<triune/triune.hpp>"};
        change.group = group;
        result.edits.push_back(change);
        result.removed[{path, static_cast<unsigned>(file.content.rfind('#', offset))}] = true;
    }
}

// Whether something still needs the namespace: legacy names that are left in this run, or what no run changes.
bool is_needed(const RemainingNeeds& needed, const UsingDirective& directive) {
    const bool named = directive.alias.empty() ? needed.unqualified.contains(directive.scope)
                                               : needed.through.contains({directive.scope, directive.alias});
    return named || needed.broken || needed.legacy_scopes.contains(directive.scope);
}

// A directive that nothing needs goes. It does not become `using namespace triune`: the program may have names of its
// own that are in there too, as Buffer, Stream or Pool, and would be ambiguous then.
void plan_directives(Facts& found, const CompiledTogether& others, IncludeDecisions& result) {
    for (const auto& [at, directive] : found.directives) {
        const FileFacts& file = found.files.at(at.file);
        const RemainingNeeds& around = others.around(at.file);
        if (!file.editable || !around.new_names || is_needed(around, directive)) continue;
        const unsigned end = skip_spaces(file.content, at.offset + directive.length);
        const auto [first, last] = whole_lines(file.content, at.offset, end + 1);
        Edit change{at.file, first, last - first, ""};
        change.group = found.together.of("U:" + at.file + ":" + std::to_string(at.offset));
        if (!found.together.why_blocked(change.group).empty()) continue;
        result.edits.push_back(change);
    }
}

}  // namespace

IncludeDecisions plan_includes(Facts& found, const AcceptedEdits& accepted) {
    IncludeDecisions result;
    const CompiledTogether others(found, accepted);
    for (const auto& [path, file] : found.files) {
        plan_file(found, accepted, others, path, result);
        plan_questions(found, others, path, result);
    }
    plan_directives(found, others, result);
    return result;
}

}  // namespace migrate
