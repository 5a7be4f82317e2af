// SPDX-License-Identifier: Apache-2.0
#include "collect/include_watch.hpp"

#include <clang/Lex/MacroArgs.h>
#include <llvm/Support/FileSystem.h>

#include "collect/name_visitor.hpp"

namespace migrate {

using namespace clang;

namespace {

class text_watcher : public PPCallbacks {
  public:
    text_watcher(SourceManager& sources, std::shared_ptr<unit_text> text) : sources_(sources), text_(std::move(text)) {}

    void InclusionDirective(SourceLocation hash, const Token&, llvm::StringRef name, bool angled, CharSourceRange range,
                            OptionalFileEntryRef file, llvm::StringRef, llvm::StringRef, const Module*, bool,
                            SrcMgr::CharacteristicKind) override {
        if (hash.isMacroID() || sources_.isInSystemHeader(hash)) return;
        unit_text::seen_include line{hash, range.getBegin(), name.str(), angled, {}};
        if (file) {
            llvm::SmallString<256> real;
            if (!llvm::sys::fs::real_path(file->getName(), real)) line.resolved = real.str().str();
        }
        text_->includes.push_back(line);
    }
    // An argument that the body never names is text that nobody compiles, as that of assert under NDEBUG.
    void MacroExpands(const Token&, const MacroDefinition& macro, SourceRange, const MacroArgs* arguments) override {
        const MacroInfo* info = macro.getMacroInfo();
        if (arguments == nullptr || info == nullptr) return;
        for (unsigned at = 0; at < info->getNumParams() && at < arguments->getNumMacroArguments(); ++at) {
            const IdentifierInfo* parameter = info->params()[at];
            const auto names_it = [&](const Token& each) { return each.getIdentifierInfo() == parameter; };
            if (llvm::any_of(info->tokens(), names_it)) continue;
            const Token* first = arguments->getUnexpArgument(at);
            const unsigned length = MacroArgs::getArgLength(first);
            if (length == 0) continue;
            const SourceRange written(first->getLocation(), first[length - 1].getEndLoc());
            if (written.getBegin().isFileID() && !sources_.isInSystemHeader(written.getBegin()))
                text_->skipped.push_back(written);
        }
    }
    void SourceRangeSkipped(SourceRange range, SourceLocation) override { text_->skipped.push_back(range); }
    void MacroDefined(const Token& name, const MacroDirective* macro) override {
        const MacroInfo* info = macro->getMacroInfo();
        if (info->isBuiltinMacro() || info->getNumTokens() == 0 || sources_.isInSystemHeader(name.getLocation()))
            return;
        text_->macro_bodies.emplace_back(info->getReplacementToken(0).getLocation(), info->tokens().back().getEndLoc());
    }

  private:
    SourceManager& sources_;
    std::shared_ptr<unit_text> text_;
};

}  // namespace

std::unique_ptr<PPCallbacks> watch_text(SourceManager& sources, std::shared_ptr<unit_text> text) {
    return std::make_unique<text_watcher>(sources, std::move(text));
}

void unit_text::store(SourceManager& sources, name_visitor& visitor, facts& found) const {
    const auto span = [&](SourceRange range, std::string& file) -> std::optional<std::pair<unsigned, unsigned>> {
        if (range.getBegin().isInvalid() || range.getBegin().isMacroID()) return std::nullopt;
        const auto [begin_file, begin] = sources.getDecomposedLoc(range.getBegin());
        const file_kind& kind = visitor.kind_of(begin_file);
        if (!kind.project) return std::nullopt;
        file = kind.path;
        return std::pair(begin, sources.getFileOffset(range.getEnd()));
    };
    std::map<std::string, std::vector<std::pair<unsigned, unsigned>>> skipped_here;
    std::string file;
    for (const SourceRange each : skipped) {
        if (const auto range = span(each, file)) skipped_here[file].push_back(*range);
    }
    for (const SourceRange each : macro_bodies) {
        if (const auto range = span(each, file)) found.files[file].macro_bodies.insert(*range);
    }
    for (const seen_include& each : includes) {
        const auto range = span({each.hash, each.name}, file);
        if (!range) continue;
        found.files[file].includes[range->first] = {range->first, range->second, each.spelled, each.angled,
                                                    each.resolved};
    }
    visitor.kind_of(sources.getMainFileID());
    for (auto& [name, ranges] : skipped_here) {
        found.files[name].skipped[visitor.unit()] = ranges;
    }
}

}  // namespace migrate
