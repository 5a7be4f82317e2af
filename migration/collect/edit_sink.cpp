// SPDX-License-Identifier: Apache-2.0
#include "collect/edit_sink.hpp"

#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

std::optional<Groups::Key> EditSink::site_at(SourceLocation location, LegacyName name, std::string_view reason) {
    std::string why(reason);
    SourceLocation spelled = location;
    const bool pasted =
        location.isMacroID() && unit_.sources().isWrittenInScratchSpace(unit_.sources().getSpellingLoc(location));
    if (pasted) {
        why = "macro-body";
        spelled = unit_.sources().getExpansionLoc(location);
    }
    const auto at = unit_.place_of(spelled);
    if (!at) return std::nullopt;
    const std::string& text = unit_.text_of(at->file);
    const unsigned length = identifier_end(text, at->offset) - at->offset;
    // What the tree names here need not be written here: a derived class names its base's constructors by its own name.
    const std::string_view last = name.spelled->legacy.substr(name.spelled->legacy.rfind(':') + 1);
    if (std::string_view(text).substr(at->offset, length) != last) return std::nullopt;
    if (const FileFacts& file = unit_.found().files[at->file]; !file.editable && why.empty()) {
        why = !file.unwritable.empty() ? file.unwritable : file.locked ? "not-selected" : "excluded-file";
    }
    const Groups::Key group = unit_.found().add_site(*at, length, name, why);
    unit_.found().together.unite(group, frames_.here());
    const Frames::Frame& inside = frames_.innermost();
    if (inside.made_explicitly >= 0) unit_.found().together.unite(group, inside.made_explicitly);
    if (pasted) return std::nullopt;
    if (const auto open = unit_.found().dependent.find(*at); open != unit_.found().dependent.end()) {
        open->second.insert(std::string(name.spelled->legacy));
        const auto made = keys_.of_instantiation(inside.function);
        if (made) unit_.found().together.unite(group, *made);
    }
    return group;
}

void EditSink::put_type(Groups::Key group, const std::string& file, unsigned begin, unsigned end,
                        const std::string& replacement, LegacyName name) {
    Edit wanted;
    wanted.file = file;
    wanted.offset = begin;
    wanted.length = end - begin;
    wanted.text = "triune::" + replacement;
    wanted.group = group;
    if (const std::string_view type = transition_type_of(name.spelled->legacy); !type.empty()) {
        const std::string_view manager = "default_manager().";
        const std::string plain = replacement.starts_with(manager) ? replacement.substr(manager.size()) : replacement;
        wanted.stand_in = "triune::transition::" + plain;
        wanted.stand_in_for = type;
    }
    unit_.found().edits.add(wanted);
}

void EditSink::put(Groups::Key group, const std::string& file, unsigned begin, unsigned end, std::string text,
                   int order) {
    Edit wanted;
    wanted.file = file;
    wanted.offset = begin;
    wanted.length = end - begin;
    wanted.text = std::move(text);
    wanted.group = group;
    wanted.order = order;
    unit_.found().edits.add(wanted);
}

void EditSink::refuse(Groups::Key group, SourceLocation location, std::string_view reason) {
    auto at = unit_.place_of(location);
    if (!at || !unit_.found().sites.contains(*at)) at = unit_.place_of(unit_.sources().getFileLoc(location));
    unit_.found().leave(group, std::string(reason), at.value_or(Place{}));
    if (unit_.found().together.why_blocked(group).empty()) return;
    for (const FunctionDecl* each : frames_.functions()) {
        if (const auto made = keys_.of_instantiation(each)) unit_.found().block(*made, std::string(reason), {});
    }
}

void EditSink::edit_name(Groups::Key group, const Place& at, LegacyName name, std::string_view replacement,
                         bool through_using, bool always_scoped) {
    const std::string& text = unit_.text_of(at.file);
    const unsigned end = identifier_end(text, at.offset);
    const EditKind kind = name.spelled->kind;
    if (kind == EditKind::rename || kind == EditKind::handle_call) {
        put(group, at.file, at.offset, end, std::string(replacement));
        return;
    }
    const WrittenScope written = scope_before(text, at.offset);
    const bool new_scope =
        std::ranges::all_of(written.names, [](const auto& each) { return each == "triune" || each == "transition"; });
    // An alias may itself stand in a namespace of the program's.
    const bool namespaces = new_scope || is_legacy_scope(written.names.back());
    if (!written.names.empty() && !namespaces && !always_scoped) {
        // Found through a class or by a using-declaration: `Layout::UnifiedGPUCompute`. The qualifier stays.
        put(group, at.file, at.offset, end, std::string(replacement));
    } else if (written.names.empty() && !written.global && through_using && !always_scoped) {
        put(group, at.file, at.offset, end, std::string(replacement));
    } else {
        put_type(group, at.file, written.begin, end, std::string(replacement), name);
    }
}

void EditSink::note_staying(const NamedDecl* declaration, SourceLocation location, bool through_using) {
    const auto at = unit_.place_of(unit_.sources().getFileLoc(location));
    if (!at || declaration == nullptr) return;
    const DeclContext* outer = declaration->getDeclContext()->getRedeclContext();
    const auto* space = dyn_cast<NamespaceDecl>(outer);
    const bool error_header = names_.is_error_name(declaration);
    if (space == nullptr || (space->getName() != "utils" && space->getName() != "gpu")) {
        if (error_header) unit_.found().staying.insert({*at, "", false, true});
        return;
    }
    const auto written = scope_before(unit_.text_of(at->file), at->offset);
    const bool unqualified = written.names.empty() && !written.global && !through_using;
    unit_.found().staying.insert({*at, space->getName().str(), unqualified, error_header,
                                  written.names.empty() ? std::string() : written.names.front()});
}

}  // namespace migrate
