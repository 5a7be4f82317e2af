// SPDX-License-Identifier: Apache-2.0
#include "collect/name_visitor.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <regex>

#include "clang/view_uses.hpp"
#include "project/project_roots.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

// A file is replaced by a rename, which would part the names of a hard link and pass over a file's write protection.
std::string why_unwritable(const std::string& path) {
    llvm::sys::fs::file_status status;
    if (llvm::sys::fs::status(path, status)) return {};
    if (status.getLinkCount() > 1) return "hard-linked";
    const auto anyone = llvm::sys::fs::owner_write | llvm::sys::fs::group_write | llvm::sys::fs::others_write;
    return (status.permissions() & anyone) == llvm::sys::fs::no_perms ? "read-only" : "";
}

}  // namespace

name_visitor::name_visitor(ASTContext& context, facts& found, const options& asked, const unit_command& unit,
                           const broken_code& broken, const std::set<FileID>& inherited)
    : context_(context),
      sources_(context.getSourceManager()),
      found_(found),
      asked_(asked),
      unit_(unit.id),
      directory_(unit.directory),
      broken_(broken),
      inherited_(inherited) {}

void name_visitor::read() {
    for (const auto& [file, regions] : broken_.regions()) {
        if (const file_kind& kind = kind_of(file); kind.project)
            found_.files[kind.path].broken.insert(regions.begin(), regions.end());
    }
    for (Decl* each : context_.getTranslationUnitDecl()->decls()) {
        // What is instantiated explicitly begins where that is written, and its name stands where the template does.
        const bool made = isa<ClassTemplateSpecializationDecl>(each);
        const SourceLocation location = sources_.getExpansionLoc(made ? each->getBeginLoc() : each->getLocation());
        if (location.isValid() && kind_of(sources_.getFileID(location)).project) TraverseDecl(each);
    }
    read_explicit_instantiations();
}

const file_kind& name_visitor::kind_of(FileID file) {
    const auto [entry, fresh] = kinds_.try_emplace(file);
    file_kind& kind = entry->second;
    if (!fresh || file.isInvalid()) return kind;
    const auto known = sources_.getFileEntryRefForID(file);
    if (!known) return kind;
    llvm::SmallString<256> real;
    // What no disk has is the parser's own.
    const bool on_disk = !llvm::sys::fs::real_path(known->getName(), real);
    if (!on_disk) real = known->getFileEntry().tryGetRealPathName();
    kind.path = real.str().str();
    kind.legacy = legacy_header(kind.path);
    kind.error_header = is_error_header(kind.path);
    const bool system = SrcMgr::isSystem(sources_.getFileCharacteristic(sources_.getLocForStartOfFile(file))) &&
                        !inherited_.contains(file);
    kind.project = on_disk && !kind.path.empty() && !system && kind.legacy == nullptr && !kind.error_header &&
                   !is_new_api(kind.path);
    if (kind.project) {
        file_facts& held = found_.files[kind.path];
        if (held.units.empty()) {
            held.content = sources_.getBufferData(file).str();
            const auto matches = [&](const std::string& pattern) {
                return std::regex_search(kind.path, std::regex(pattern));
            };
            const bool excluded = std::ranges::any_of(asked_.exclude, matches);
            const bool locked = asked_.locked_files.contains(kind.path);
            const bool filtered =
                !asked_.header_filter.empty() && file != sources_.getMainFileID() && !matches(asked_.header_filter);
            held.unwritable = why_unwritable(kind.path);
            if (leads_out(known->getName(), kind.path)) held.unwritable = "outside-project";
            held.editable = !excluded && !filtered && !locked && held.unwritable.empty();
            held.locked = locked;
        }
        held.units.insert(unit_);
        found_.unit_files[unit_].insert(kind.path);
    }
    return kind;
}

// Whether a link on the way to the file leaves what the run is about.
bool name_visitor::leads_out(llvm::StringRef name, const std::string& path) const {
    llvm::SmallString<256> written(name);
    llvm::sys::fs::make_absolute(directory_, written);
    llvm::sys::path::remove_dots(written, true);
    return written != path && !asked_.roots.empty() && !lies_in(asked_.roots, path);
}

std::optional<place> name_visitor::file_place_of(SourceLocation location) {
    return location.isMacroID() ? std::nullopt : place_of(location);
}

std::optional<text_range> name_visitor::file_range_of(SourceRange range) {
    const bool in_macro = range.getBegin().isMacroID() || range.getEnd().isMacroID();
    return in_macro ? std::nullopt : range_of(range);
}

// Tokens that were written in one go: in a file, the arguments of macros included, or in one expansion of a body.
FileID name_visitor::level_of(SourceLocation location) {
    while (sources_.isMacroArgExpansion(location)) location = sources_.getImmediateSpellingLoc(location);
    return sources_.getFileID(location);
}

std::optional<place> name_visitor::place_of(SourceLocation location) {
    if (location.isInvalid()) return std::nullopt;
    const auto [file, offset] = sources_.getDecomposedLoc(sources_.getSpellingLoc(location));
    const file_kind& kind = kind_of(file);
    if (!kind.project) return std::nullopt;
    return place{kind.path, offset};
}

std::optional<text_range> name_visitor::range_of(SourceRange range, SourceLocation anchor) {
    SourceLocation first = range.getBegin();
    SourceLocation end = range.getEnd();
    if (anchor.isInvalid()) anchor = first;
    if (first.isMacroID() || end.isMacroID()) {
        const FileID level = level_of(anchor);
        if (sources_.getLocForStartOfFile(level).isFileID()) {
            // The argument where it is written, or all of a macro's expansion as the call of it.
            const CharSourceRange written =
                Lexer::makeFileCharRange(CharSourceRange::getTokenRange(range), sources_, context_.getLangOpts());
            const auto begins = written.isInvalid() ? std::nullopt : place_of(written.getBegin());
            const auto ends = written.isInvalid() ? std::nullopt : place_of(written.getEnd());
            if (!begins || !ends || begins->file != ends->file || ends->offset < begins->offset) return std::nullopt;
            return text_range{begins->file, begins->offset, ends->offset};
        }
        // Inside a body an argument stands where its parameter does.
        const auto lift = [&](SourceLocation at) {
            while (level_of(at) != level && sources_.isMacroArgExpansion(at))
                at = sources_.getImmediateExpansionRange(at).getBegin();
            return at;
        };
        first = lift(first);
        end = lift(end);
        if (level_of(first) != level || level_of(end) != level) return std::nullopt;
    }
    const auto begin = place_of(first);
    const auto last = place_of(end);
    if (!begin || !last || begin->file != last->file || last->offset < begin->offset) return std::nullopt;
    const unsigned length = Lexer::MeasureTokenLength(sources_.getSpellingLoc(end), sources_, context_.getLangOpts());
    return text_range{begin->file, begin->offset, last->offset + length};
}

std::string name_visitor::qualified_name(const NamedDecl* declaration) {
    std::string name = declaration->getNameAsString();
    for (const DeclContext* outer = declaration->getDeclContext(); outer != nullptr; outer = outer->getParent()) {
        const auto* named = dyn_cast<NamedDecl>(outer);
        if (named == nullptr || named->getDeclName().isEmpty()) continue;
        if (const auto* space = dyn_cast<NamespaceDecl>(named); space != nullptr && space->isInline()) continue;
        name = named->getNameAsString() + "::" + name;
    }
    return name;
}

legacy_name name_visitor::legacy(const NamedDecl* declaration) {
    if (declaration == nullptr || declaration->getLocation().isInvalid()) return {};
    if (const auto* constructor = dyn_cast<CXXConstructorDecl>(declaration)) return legacy(constructor->getParent());
    // What `template class utils::DeviceBuffer<int>;` instantiates stands where that is written.
    if (const auto* made = dyn_cast<ClassTemplateSpecializationDecl>(declaration);
        made != nullptr && made->isExplicitInstantiationOrSpecialization() && !made->isExplicitSpecialization()) {
        declaration = made->getSpecializedTemplate();
    }
    if (!declaration->getDeclName().isIdentifier() || !is_legacy_member(declaration->getName())) return {};
    const legacy_name name = find_legacy_name(qualified_name(declaration));
    if (!name) return {};
    // A declaration of the program's own in the legacy namespace is legacy only if it merely announces the class.
    const file_kind& kind = kind_of(sources_.getFileID(sources_.getExpansionLoc(declaration->getLocation())));
    if (kind.legacy != nullptr) return name;
    const TagDecl* tag = dyn_cast<TagDecl>(declaration);
    if (const auto* pattern = dyn_cast<ClassTemplateDecl>(declaration)) tag = pattern->getTemplatedDecl();
    if (tag == nullptr) return {};
    const TagDecl* definition = tag->getDefinition();
    if (definition == nullptr) return name;
    return kind_of(sources_.getFileID(sources_.getExpansionLoc(definition->getLocation()))).legacy != nullptr
               ? name
               : legacy_name{};
}

bool name_visitor::is_legacy_class(QualType type, std::string_view qualified) {
    if (type.isNull()) return false;
    const auto* record = type.getCanonicalType()->getAsCXXRecordDecl();
    if (record == nullptr) return false;
    const legacy_name name = legacy(record);
    return name && name.spelled->legacy == qualified;
}

bool name_visitor::is_error_name(const NamedDecl* declaration) {
    const SourceLocation location = sources_.getExpansionLoc(declaration->getLocation());
    return location.isValid() && kind_of(sources_.getFileID(location)).error_header;
}

void name_visitor::note_staying(const NamedDecl* declaration, SourceLocation location, bool through_using) {
    const auto at = place_of(sources_.getFileLoc(location));
    if (!at || declaration == nullptr) return;
    const DeclContext* outer = declaration->getDeclContext()->getRedeclContext();
    const auto* space = dyn_cast<NamespaceDecl>(outer);
    const bool error_header = is_error_name(declaration);
    if (space == nullptr || (space->getName() != "utils" && space->getName() != "gpu")) {
        if (error_header) found_.staying.insert({*at, "", false, true});
        return;
    }
    const auto written = scope_before(text_of(at->file), at->offset);
    const bool unqualified = written.names.empty() && !written.global && !through_using;
    found_.staying.insert({*at, space->getName().str(), unqualified, error_header,
                           written.names.empty() ? std::string() : written.names.front()});
}

std::optional<groups::key> name_visitor::site_at(SourceLocation location, legacy_name name, std::string_view reason) {
    std::string why(reason);
    SourceLocation spelled = location;
    const bool pasted = location.isMacroID() && sources_.isWrittenInScratchSpace(sources_.getSpellingLoc(location));
    if (pasted) {
        why = "macro-body";
        spelled = sources_.getExpansionLoc(location);
    }
    const auto at = place_of(spelled);
    if (!at) return std::nullopt;
    const std::string& text = text_of(at->file);
    const unsigned length = identifier_end(text, at->offset) - at->offset;
    // What the tree names here need not be written here: a derived class names its base's constructors by its own name.
    const std::string_view last = name.spelled->legacy.substr(name.spelled->legacy.rfind(':') + 1);
    if (std::string_view(text).substr(at->offset, length) != last) return std::nullopt;
    if (const file_facts& file = found_.files[at->file]; !file.editable && why.empty()) {
        why = !file.unwritable.empty() ? file.unwritable : file.locked ? "not-selected" : "excluded-file";
    }
    const groups::key group = found_.add_site(*at, length, name, why);
    found_.together.unite(group, here());
    if (made_explicitly_ >= 0) found_.together.unite(group, made_explicitly_);
    if (pasted) return std::nullopt;
    if (const auto open = found_.dependent.find(*at); open != found_.dependent.end()) {
        open->second.insert(std::string(name.spelled->legacy));
        const auto made = instantiation_key(functions_.empty() ? nullptr : functions_.back());
        if (made) found_.together.unite(group, *made);
    }
    return group;
}

// The same text may be compiled again, in another unit, another expansion or another instantiation, and mean legacy.
void name_visitor::note_other_meaning(const NamedDecl* meant, SourceLocation location) {
    if (!meant->getDeclName().isIdentifier() || !is_legacy_member(meant->getName())) return;
    const auto at = place_of(location);
    if (!at) return;
    std::set<place>& declared = found_.other_meanings[*at];
    if (const auto where = place_of(meant->getLocation())) declared.insert(*where);
}

std::optional<groups::key> name_visitor::name_use(SourceLocation location, legacy_name name) {
    return site_at(location, name);
}

bool name_visitor::VisitDeclRefExpr(DeclRefExpr* use) {
    link(use->getDecl());
    const bool through_using = isa<UsingShadowDecl>(use->getFoundDecl());
    link_using(use->getFoundDecl());
    const legacy_name name = legacy(use->getDecl());
    if (!name) {
        if (const auto* function = dyn_cast<FunctionDecl>(use->getDecl())) note_call(function);
        if (const auto* outer = dyn_cast<NamedDecl>(use->getDecl()); outer != nullptr && !isa<ParmVarDecl>(outer)) {
            const bool member = use->getDecl()->isCXXClassMember();
            const auto* enumerator = dyn_cast<EnumConstantDecl>(outer);
            if (enumerator == nullptr && !member) note_staying(outer, use->getLocation(), through_using);
        }
        note_other_meaning(use->getDecl(), use->getLocation());
        if (const auto at = place_of(use->getDecl()->getLocation())) {
            const auto variable = found_.handler_variables.find(*at);
            const auto here_at = place_of(use->getLocation());
            if (variable != found_.handler_variables.end() && here_at) variable->second.uses.insert(*here_at);
        }
        return true;
    }
    const auto group = name_use(use->getLocation(), name);
    if (!group) return true;
    if (asking_noexcept_ > 0) refuse(*group, use->getLocation(), "probed-name");
    note_throwing_site(name, use->getDecl(), *group);
    const auto at = place_of(use->getLocation());
    if (name.spelled->takes_spans && !called_.contains(use)) {
        return refuse(*group, use->getLocation(), "address-taken"), true;
    }
    switch (name.spelled->kind) {
        case edit_kind::keep:
            break;
        case edit_kind::rename:
            edit_name(*group, *at, name, name.spelled->replacement, through_using);
            break;
        case edit_kind::rename_scoped:
            if (!called_.contains(use)) return refuse(*group, use->getLocation(), "address-taken"), true;
            edit_name(*group, *at, name, name.spelled->replacement, through_using, true);
            break;
        case edit_kind::handle_call:
            refuse(*group, use->getLocation(), "address-taken");
            break;
        default:
            // Calls of these are edited where the call is seen.
            if (!called_.contains(use)) refuse(*group, use->getLocation(), "address-taken");
    }
    return true;
}

bool name_visitor::VisitMemberExpr(MemberExpr* use) {
    link(use->getMemberDecl());
    const legacy_name name = legacy(use->getMemberDecl());
    const auto at = place_of(use->getMemberLoc());
    if (!name) {
        if (const auto* function = dyn_cast<FunctionDecl>(use->getMemberDecl())) note_call(function);
        if (at) {
            if (const auto open = found_.dependent.find(*at); open != found_.dependent.end()) open->second.insert("");
        }
        note_other_meaning(use->getMemberDecl(), use->getMemberLoc());
        return true;
    }
    if (!isa<CXXThisExpr>(use->getBase()->IgnoreParenImpCasts())) link_class(use->getBase()->getType());
    if (!records_.empty() && use->isImplicitAccess()) link_class(records_.back());
    for (const std::string_view array : downloads_of(name)) {
        for (const std::string& each : calling_) found_.calls[each].downloads.emplace(array);
    }
    const auto group = name_use(use->getMemberLoc(), name);
    if (!group) return true;
    if (asking_noexcept_ > 0) refuse(*group, use->getMemberLoc(), "probed-name");
    note_throwing_site(name, use->getMemberDecl(), *group);
    const edit_kind kind = name.spelled->kind;
    if (kind == edit_kind::rename || kind == edit_kind::handle_call) {
        edit_name(*group, *at, name, past_hiding(use, name), true);
    }
    return true;
}

bool name_visitor::TraverseRequiresExpr(RequiresExpr* asked) {
    ++probing_;
    const bool result = walker::TraverseRequiresExpr(asked);
    --probing_;
    return result;
}

bool name_visitor::TraverseCXXNoexceptExpr(CXXNoexceptExpr* asked) {
    ++probing_;
    ++asking_noexcept_;
    const bool result = walker::TraverseCXXNoexceptExpr(asked);
    --asking_noexcept_;
    --probing_;
    return result;
}

bool name_visitor::VisitOverloadExpr(OverloadExpr* use) {
    for (const NamedDecl* each : use->decls()) {
        const bool through_using = isa<UsingShadowDecl>(each);
        link_using(each);
        const legacy_name name = legacy(each->getUnderlyingDecl());
        if (!name) continue;
        const auto group = name_use(use->getNameLoc(), name);
        if (group && name.spelled->kind == edit_kind::rename_scoped) {
            edit_name(*group, *place_of(use->getNameLoc()), name, name.spelled->replacement, through_using, true);
        }
        break;
    }
    return true;
}

}  // namespace migrate
