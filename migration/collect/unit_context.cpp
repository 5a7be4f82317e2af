// SPDX-License-Identifier: Apache-2.0
#include "collect/unit_context.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>

#include <regex>

#include "project/project_roots.hpp"

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

UnitContext::UnitContext(ASTContext& tree, Facts& found, const Options& asked, const UnitCommand& unit,
                         const std::set<FileID>& inherited)
    : tree_(tree),
      sources_(tree.getSourceManager()),
      found_(found),
      asked_(asked),
      id_(unit.id),
      directory_(unit.directory),
      inherited_(inherited) {}

const FileKind& UnitContext::kind_of(FileID file) {
    const auto [entry, fresh] = kinds_.try_emplace(file);
    FileKind& kind = entry->second;
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
    if (kind.project) register_file(file, *known, kind);
    return kind;
}

void UnitContext::register_file(FileID file, FileEntryRef known, const FileKind& kind) {
    FileFacts& held = found_.files[kind.path];
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
        if (leads_out(known.getName(), kind.path)) held.unwritable = "outside-project";
        held.editable = !excluded && !filtered && !locked && held.unwritable.empty();
        held.locked = locked;
    }
    held.units.insert(id_);
    found_.unit_files[id_].insert(kind.path);
}

const FileKind& UnitContext::kind_at(SourceLocation location) {
    return kind_of(sources_.getFileID(sources_.getExpansionLoc(location)));
}

bool UnitContext::is_project(SourceLocation location) { return location.isValid() && kind_at(location).project; }

// Whether a link on the way to the file leaves what the run is about.
bool UnitContext::leads_out(llvm::StringRef name, const std::string& path) const {
    llvm::SmallString<256> written(name);
    llvm::sys::fs::make_absolute(directory_, written);
    llvm::sys::path::remove_dots(written, true);
    return written != path && !asked_.roots.empty() && !lies_in(asked_.roots, path);
}

std::optional<Place> UnitContext::file_place_of(SourceLocation location) {
    return location.isMacroID() ? std::nullopt : place_of(location);
}

std::optional<TextRange> UnitContext::file_range_of(SourceRange range) {
    const bool in_macro = range.getBegin().isMacroID() || range.getEnd().isMacroID();
    return in_macro ? std::nullopt : range_of(range);
}

// Tokens that were written in one go: in a file, the arguments of macros included, or in one expansion of a body.
FileID UnitContext::level_of(SourceLocation location) {
    while (sources_.isMacroArgExpansion(location)) location = sources_.getImmediateSpellingLoc(location);
    return sources_.getFileID(location);
}

std::optional<Place> UnitContext::place_of(SourceLocation location) {
    if (location.isInvalid()) return std::nullopt;
    const auto [file, offset] = sources_.getDecomposedLoc(sources_.getSpellingLoc(location));
    const FileKind& kind = kind_of(file);
    if (!kind.project) return std::nullopt;
    return Place{kind.path, offset};
}

std::optional<TextRange> UnitContext::range_of(SourceRange range, SourceLocation anchor) {
    SourceLocation first = range.getBegin();
    SourceLocation end = range.getEnd();
    if (anchor.isInvalid()) anchor = first;
    if (first.isMacroID() || end.isMacroID()) {
        const FileID level = level_of(anchor);
        if (sources_.getLocForStartOfFile(level).isValid()) {
            // The argument where it is written, or all of a macro's expansion as the call of it.
            const CharSourceRange written =
                Lexer::makeFileCharRange(CharSourceRange::getTokenRange(range), sources_, tree_.getLangOpts());
            const auto begins = written.isInvalid() ? std::nullopt : place_of(written.getBegin());
            const auto ends = written.isInvalid() ? std::nullopt : place_of(written.getEnd());
            if (!begins || !ends || begins->file != ends->file || ends->offset < begins->offset) return std::nullopt;
            return TextRange{begins->file, begins->offset, ends->offset};
        }
        // Inside a body an argument stands where its parameter does.
        const auto lift = [&](SourceLocation at) {
            while (level_of(at) != level && sources_.isMacroArgExpansion(at))
                at = sources_.getImmediateExpansionRange(at).getBegin();
            return at;
        };
        // What `#` and `##` make stands where its words do.
        while (first.isMacroID() && sources_.isWrittenInScratchSpace(sources_.getSpellingLoc(first)))
            first = sources_.getImmediateExpansionRange(first).getBegin();
        while (end.isMacroID() && sources_.isWrittenInScratchSpace(sources_.getSpellingLoc(end)))
            end = sources_.getImmediateExpansionRange(end).getEnd();
        first = lift(first);
        end = lift(end);
        if (level_of(first) != level || level_of(end) != level) return std::nullopt;
    }
    const auto begin = place_of(first);
    const auto last = place_of(end);
    if (!begin || !last || begin->file != last->file || last->offset < begin->offset) return std::nullopt;
    const unsigned length = Lexer::MeasureTokenLength(sources_.getSpellingLoc(end), sources_, tree_.getLangOpts());
    return TextRange{begin->file, begin->offset, last->offset + length};
}

}  // namespace migrate
