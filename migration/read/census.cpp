// SPDX-License-Identifier: Apache-2.0
#include "read/census.hpp"

#include <algorithm>
#include <optional>

#include "clang/clang_headers.hpp"
#include "text/source_text.hpp"

namespace migrate {
namespace {

using Ranges = std::vector<std::pair<unsigned, unsigned>>;

template <typename Ranges>
bool inside(const Ranges& all, unsigned offset) {
    return std::ranges::any_of(all, [&](const auto& each) { return each.first <= offset && offset < each.second; });
}

bool excluded_everywhere(const FileFacts& file, unsigned offset) {
    return !file.units.empty() && std::ranges::all_of(file.units, [&](const std::string& unit) {
        const auto skipped = file.skipped.find(unit);
        return skipped != file.skipped.end() && inside(skipped->second, offset);
    });
}

clang::LangOptions language() {
    clang::LangOptions options;
    options.CPlusPlus = options.CPlusPlus11 = options.CPlusPlus14 = options.CPlusPlus17 = options.CPlusPlus20 = true;
    options.LineComment = options.Bool = true;
    return options;
}

// Calls `report(offset, identifier)` for each identifier outside comments and strings.
template <typename Report>
void each_identifier(const std::string& text, Report report) {
    const clang::LangOptions options = language();
    clang::Lexer lexer(clang::SourceLocation(), options, text.data(), text.data(), text.data() + text.size());
    clang::Token token;
    while (!lexer.LexFromRawLexer(token)) {
        if (token.isNot(clang::tok::raw_identifier)) continue;
        const auto name = token.getRawIdentifier();
        report(static_cast<unsigned>(name.data() - text.data()), std::string_view(name.data(), name.size()));
    }
}

void add_unseen(Facts& found, const Place& at, unsigned length, LegacyName name, const std::string& reason) {
    if (found.sites.contains(at)) return;
    found.add_site(at, length, name);
    Site& held = found.sites[at];
    held.state = SiteState::unseen;
    held.reason = reason;
}

// The variable at the head of `a.b().c` for the offset of c; empty where the member is of something else.
std::string head_of_chain(const std::string& text, unsigned offset) {
    unsigned at = previous_character(text, offset);
    while (at < text.size()) {
        if (text[at] == '>' && at > 0 && text[at - 1] == '-')
            --at;
        else if (text[at] != '.')
            return {};
        at = previous_character(text, at);
        if (at < text.size() && (text[at] == ')' || text[at] == ']')) {
            unsigned open = 0;
            for (++at; at > 0;) {
                --at;
                if (text[at] == ')' || text[at] == ']') ++open;
                if ((text[at] == '(' || text[at] == '[') && --open == 0) break;
            }
            at = previous_character(text, at);
        }
        if (at >= text.size() || !is_identifier_character(text[at])) return {};
        unsigned begin = at;
        while (begin > 0 && is_identifier_character(text[begin - 1])) --begin;
        const unsigned before = previous_character(text, begin);
        const bool goes_on = before < text.size() &&
                             (text[before] == '.' || (text[before] == '>' && before > 0 && text[before - 1] == '-'));
        if (!goes_on) return text.substr(begin, at + 1 - begin);
        at = before;
    }
    return {};
}

bool names_in_statement(const std::string& text, unsigned offset, const std::string& name) {
    const std::size_t before = text.find_last_of(";{}", offset == 0 ? 0 : offset - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find_first_of(";{}", offset), text.size());
    for (std::size_t at = text.find(name, begin); at < end; at = text.find(name, at + 1)) {
        const bool fresh = at == 0 || !is_identifier_character(text[at - 1]);
        if (fresh && identifier_end(text, static_cast<unsigned>(at)) == at + name.size()) return true;
    }
    return false;
}

// A member in text that nobody compiles, of a variable whose type migrates: it keeps its name on a transition type.
void add_uncompiled_member(Facts& found, const Place& at, const std::string& text, std::string_view identifier) {
    const std::string head = head_of_chain(text, at.offset);
    if (head.empty() || found.sites.contains(at)) return;
    std::vector<const Site*> makers;
    LegacyName name;
    for (auto from = found.sites.lower_bound({at.file, 0}); from != found.sites.end() && from->first.file == at.file;
         ++from) {
        const Site& each = from->second;
        const std::string_view type = transition_type_of(each.symbol);
        if (type.empty() || each.state == SiteState::unseen || !names_in_statement(text, from->first.offset, head))
            continue;
        makers.push_back(&each);
        for (const Rule& each_rule : all_rules()) {
            for (const Spelling& known : each_rule.spellings) {
                if (name || !known.legacy.ends_with("::" + std::string(identifier))) continue;
                const bool own = each_rule.module != "transition" || each.module == "transition";
                if (own && transition_type_with(known.legacy) == type) name = {&each_rule, &known};
            }
        }
    }
    if (!name) return;
    std::vector<Groups::Key> together;
    for (const Site* each : makers) together.push_back(each->group);
    add_unseen(found, at, static_cast<unsigned>(identifier.size()), name, "excluded-branch");
    Site& held = found.sites[at];
    held.stays = held.reason;
    for (const Groups::Key each : together) found.together.unite(held.group, each);
}

// Lines that include a legacy header, and conditions that ask for one.
void add_include_sites(Facts& found, const std::string& path, const FileFacts& file) {
    const auto add = [&](unsigned offset, unsigned name, unsigned length, const Rule* header) {
        if (header == nullptr) return;
        const Place at{path, name};
        Site& held = found.sites[at];
        held.at = at;
        held.length = length;
        held.symbol = header->header;
        held.module = header->module;
        held.rule_id = header->id;
        // The plan of includes settles it; the group is its own.
        held.group = found.together.of("I:" + path + ":" + std::to_string(offset));
    };
    for (const auto& [offset, line] : file.includes) {
        const unsigned name = line.name_offset;
        const unsigned length =
            line.computed ? identifier_end(file.content, name) - name : static_cast<unsigned>(line.spelled.size()) + 2;
        add(offset, name, length, legacy_header(line.resolved.empty() ? line.spelled : line.resolved));
    }
    for (const auto& [name, asked] : file.asked) {
        const Rule* header = asked.is_there ? legacy_header(asked.spelled) : nullptr;
        add(name, name, static_cast<unsigned>(asked.spelled.size()) + 2, header);
        if (header != nullptr && asked.is_missing)
            found.block(found.sites[{path, name}].group, "two-meanings", {path, name});
    }
}

struct WrittenHeader {
    unsigned quote = 0;
    unsigned length = 0;
    const Rule* rule = nullptr;
};

// The legacy header that is named behind `at`, in quotes of either kind.
std::optional<WrittenHeader> header_named_at(const std::string& text, unsigned at) {
    const unsigned quote = skip_spaces(text, at);
    const std::string_view name = quoted_header(text, quote);
    const Rule* rule = legacy_header(name);
    if (rule == nullptr) return std::nullopt;
    return WrittenHeader{quote, static_cast<unsigned>(name.size()) + 2, rule};
}

// Include lines of legacy headers by the text alone.
template <typename Wanted>
void each_written_include(const std::string& text, Wanted wanted) {
    for (std::size_t hash = text.find('#'); hash != std::string::npos; hash = text.find('#', hash + 1)) {
        const auto at = static_cast<unsigned>(hash);
        if (previous_character(text, at) < text.size() && line_begin(text, at) <= previous_character(text, at))
            continue;
        const unsigned word = skip_spaces(text, at + 1);
        if (text.compare(word, 7, "include") != 0) continue;
        if (const auto header = header_named_at(text, word + 7)) wanted(at, *header);
    }
}

void add_unseen_include(Facts& found, const std::string& path, const WrittenHeader& header, const std::string& reason) {
    const Place at{path, header.quote};
    const auto [entry, fresh] = found.sites.try_emplace(at);
    if (!fresh) return;
    entry->second = {at,
                     header.length,
                     std::string(header.rule->header),
                     std::string(header.rule->module),
                     std::string(header.rule->id),
                     SiteState::unseen,
                     reason,
                     found.together.of("I:" + at.file + ":" + std::to_string(at.offset))};
}

// A condition on a legacy header that no preprocessor has come to.
void add_unasked_header(Facts& found, const std::string& path, const FileFacts& file, unsigned question) {
    const unsigned open = skip_spaces(file.content, identifier_end(file.content, question));
    if (open >= file.content.size() || file.content[open] != '(') return;
    const auto header = header_named_at(file.content, open + 1);
    if (!header || file.asked.contains(header->quote)) return;
    const bool in_body = inside(file.macro_bodies, question);
    add_unseen_include(found, path, *header,
                       file.units.empty() ? "unit-failed"
                       : in_body          ? "macro-body"
                                          : "excluded-branch");
}

// Where a trait asks for a member by its legacy name, the classes that have it stay what they are in all units that see
// the trait: what the answer chooses is not known here.
void block_probed(Facts& found) {
    for (const Place& at : found.probed) {
        const auto meanings = found.dependent.find(at);
        const std::string& text = found.files[at.file].content;
        const std::string member = text.substr(at.offset, identifier_end(text, at.offset) - at.offset);
        if (meanings == found.dependent.end() || !meanings->second.empty() || !find_changing_member(member)) continue;
        std::set<std::string> seeing = {at.file};
        for (const auto& [unit, files] : found.unit_files) {
            if (files.contains(at.file)) seeing.insert(files.begin(), files.end());
        }
        for (auto& [where, each] : found.sites) {
            const bool has_it = find_legacy_name(each.symbol + "::" + member) || each.symbol.ends_with("::" + member);
            if (has_it && seeing.contains(where.file)) found.block(each.group, "probed-name", where);
        }
    }
}

// The same words mean the legacy name once and the program's own another time. Whoever parts the two has to edit the
// program's own declaration as well, so that is a site too.
void leave_two_meanings(Facts& found) {
    for (const auto& [at, declared] : found.other_meanings) {
        const auto known = found.sites.find(at);
        if (known == found.sites.end()) continue;
        const LegacyName name = find_legacy_name(known->second.symbol);
        if (!name || name.spelled->kind == EditKind::keep) continue;
        const unsigned length = known->second.length;
        found.leave(known->second.group, "two-meanings", at);
        // A template names what each of its arguments declares.
        if (found.dependent.contains(at)) continue;
        for (const Place& other : declared) {
            // It needs nothing of the legacy headers, so it blocks nothing.
            found.add_site(other, length, name);
            found.sites[other].stays = "two-meanings";
        }
    }
}

// A declaration changes with what it names. Two definitions of one name are two programs in one database: they have
// nothing to do with each other where nobody but they declares it.
void unite_linked(Facts& found) {
    for (const auto& [name, linked] : found.linked) {
        if (linked.declarations.empty()) continue;
        const Groups::Key first = *linked.declarations.begin();
        for (const Groups::Key each : linked.declarations) found.together.unite(first, each);
        for (const Groups::Key each : linked.definitions) found.together.unite(first, each);
    }
}

}  // namespace

void take_census(Facts& found) {
    unite_linked(found);
    block_probed(found);
    std::set<Groups::Key> legacy_groups;
    for (const auto& [at, each] : found.sites) legacy_groups.insert(found.together.find(each.group));
    for (const auto& [at, meanings] : found.dependent) {
        const auto known = found.sites.find(at);
        const std::string& text = found.files[at.file].content;
        const unsigned length = identifier_end(text, at.offset) - at.offset;
        const std::string identifier = text.substr(at.offset, length);
        if (known == found.sites.end()) {
            // No instantiation made it legacy; by its name alone it may be, where the template was never used.
            LegacyName name = find_distinctive_name(identifier);
            // A plain name counts where it is used on something that other legacy names made.
            const auto group = found.dependent_groups.find(at);
            if (group != found.dependent_groups.end() && legacy_groups.contains(found.together.find(group->second))) {
                name = find_changing_member(identifier);
            }
            if (!name || !meanings.empty()) continue;
            const Groups::Key own = found.add_site(at, length, name);
            if (group != found.dependent_groups.end()) found.together.unite(own, group->second);
            found.block(own, "dependent", at);
        } else if (meanings.size() > 1) {
            found.leave(known->second.group, "dependent", at);
        }
    }
    leave_two_meanings(found);
    for (auto& [path, file] : found.files) {
        add_include_sites(found, path, file);
        const bool unparsed = file.units.empty();
        each_identifier(file.content, [&](unsigned offset, std::string_view identifier) {
            if (identifier == "__has_include") add_unasked_header(found, path, file, offset);
            LegacyName name = find_distinctive_name(identifier);
            if (!unparsed && is_legacy_member(identifier) && excluded_everywhere(file, offset))
                add_uncompiled_member(found, {path, offset}, file.content, identifier);
            if (const LegacyName shared = find_shared_name(identifier)) {
                const WrittenScope scope = scope_before(file.content, offset);
                if (!scope.names.empty() && (scope.names[0] == "utils" || scope.names[0] == "gpu")) name = shared;
            }
            if (!name) return;
            const Place at{path, offset};
            const auto length = static_cast<unsigned>(identifier.size());
            if (unparsed) {
                add_unseen(found, at, length, name, "unit-failed");
            } else if (excluded_everywhere(file, offset)) {
                add_unseen(found, at, length, name, "excluded-branch");
            } else if (inside(file.broken, offset)) {
                add_unseen(found, at, length, name, "broken-declaration");
            } else if (found.sites.contains(at)) {
                return;
            } else if (const WrittenScope scope = scope_before(file.content, offset);
                       !inside(file.macro_bodies, offset) && scope.names.size() == 1 &&
                       (scope.names[0] == "utils" || scope.names[0] == "gpu")) {
                // Spelled in full where the syntax tree keeps no place.
                found.add_site(at, length, name, "unsupported");
            } else if (inside(file.macro_bodies, offset)) {
                found.add_site(at, length, name, "macro-body");
            }
        });
        each_written_include(file.content, [&](unsigned offset, const WrittenHeader& header) {
            if (unparsed) {
                add_unseen_include(found, path, header, "unit-failed");
            } else if (excluded_everywhere(file, offset)) {
                add_unseen_include(found, path, header, "excluded-branch");
            }
        });
    }
}

}  // namespace migrate
