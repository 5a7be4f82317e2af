// SPDX-License-Identifier: Apache-2.0
#include "clang/broken_code.hpp"

#include <llvm/Support/FileSystem.h>

#include <algorithm>

namespace migrate {

using namespace clang;

BrokenCode::BrokenCode(ASTContext& context, const std::vector<ParseError>& errors)
    : context_(context), sources_(context.getSourceManager()) {
    std::map<std::string, std::set<unsigned>> by_file;
    for (const ParseError& each : errors) by_file[each.file].insert(each.offset);
    if (by_file.empty()) return;
    for (unsigned at = 0; at < sources_.local_sloc_entry_size(); ++at) {
        const SrcMgr::SLocEntry& entry = sources_.getLocalSLocEntry(at);
        if (!entry.isFile()) continue;
        const FileID file = sources_.getFileID(SourceLocation::getFromRawEncoding(entry.getOffset()));
        const auto known = sources_.getFileEntryRefForID(file);
        llvm::SmallString<256> real;
        if (!known || llvm::sys::fs::real_path(known->getName(), real)) continue;
        const auto found = by_file.find(real.str().str());
        if (found == by_file.end()) continue;
        visit(context.getTranslationUnitDecl(), file, {0, static_cast<unsigned>(sources_.getBufferData(file).size())},
              found->second);
    }
}

std::optional<std::pair<FileID, BrokenCode::Range>> BrokenCode::range_of(const Decl* declaration) const {
    const auto begin = sources_.getDecomposedLoc(sources_.getExpansionLoc(declaration->getBeginLoc()));
    const SourceLocation last = sources_.getExpansionRange(declaration->getEndLoc()).getEnd();
    const auto end = sources_.getDecomposedLoc(Lexer::getLocForEndOfToken(last, 0, sources_, context_.getLangOpts()));
    if (begin.first != end.first || end.second < begin.second) return std::nullopt;
    return std::pair(begin.first, Range(begin.second, end.second));
}

// Splits what `outer` holds of `file` into its declarations and the gaps between them.
void BrokenCode::visit(const DeclContext* outer, FileID file, Range within, std::set<unsigned> errors) {
    std::vector<std::pair<Range, const Decl*>> inner;
    for (const Decl* each : outer->decls()) {
        if (each->isImplicit()) continue;
        if (const auto at = range_of(each); at && at->first == file) inner.emplace_back(at->second, each);
    }
    std::ranges::sort(inner, {}, [](const auto& each) { return each.first; });
    for (const unsigned error : errors) {
        if (error < within.first || error >= within.second) continue;
        Range gap = within;
        bool inside = false;
        for (const auto& [span, each] : inner) {
            if (span.second <= error) gap.first = std::max(gap.first, span.second);
            if (span.first > error) gap.second = std::min(gap.second, span.first);
            if (span.first > error || error >= span.second || declarations_.contains(each)) {
                inside = inside || declarations_.contains(each);
                continue;
            }
            inside = true;
            const auto* nested = dyn_cast<DeclContext>(each);
            if (isa<NamespaceDecl, LinkageSpecDecl>(each)) {
                visit(nested, file, span, {error});
                continue;
            }
            const auto* record = dyn_cast<CXXRecordDecl>(each);
            if (const auto* pattern = dyn_cast<ClassTemplateDecl>(each)) record = pattern->getTemplatedDecl();
            const Decl* method = nullptr;
            if (record != nullptr) {
                for (const Decl* member : record->decls()) {
                    const auto at = range_of(member);
                    if (!isa<FunctionDecl, FunctionTemplateDecl>(member) || member->isImplicit() || !at) continue;
                    if (at->second.first <= error && error < at->second.second) method = member;
                }
            }
            const Decl* broken = method == nullptr ? each : method;
            declarations_.insert(broken);
            add(file, range_of(broken)->second);
        }
        if (!inside) add(file, gap);
    }
}

void BrokenCode::add(FileID file, Range region) {
    if (region.first >= region.second) return;
    regions_[file].push_back(region);
    const llvm::StringRef text = sources_.getBufferData(file);
    Lexer lexer(SourceLocation(), context_.getLangOpts(), text.begin(), text.begin() + region.first, text.end());
    Token token;
    while (!lexer.LexFromRawLexer(token)) {
        if (token.isNot(tok::raw_identifier)) continue;
        if (static_cast<unsigned>(token.getRawIdentifier().data() - text.data()) >= region.second) break;
        identifiers_.insert(token.getRawIdentifier().str());
    }
}

}  // namespace migrate
