// SPDX-License-Identifier: Apache-2.0
#include "collect/include_watch.hpp"

#include <clang/Lex/MacroArgs.h>
#include <llvm/Support/FileSystem.h>

#include "collect/unit_context.hpp"
#include "text/source_text.hpp"

namespace migrate {

using namespace clang;

namespace {

constexpr unsigned max_macros = 4;  // that one hands its argument on to

std::string real_path_of(OptionalFileEntryRef file) {
    llvm::SmallString<256> real;
    return !file || llvm::sys::fs::real_path(file->getName(), real) ? std::string() : real.str().str();
}

class TextWatcher : public PPCallbacks {
  public:
    TextWatcher(Preprocessor& preprocessor, std::shared_ptr<UnitText> text)
        : preprocessor_(preprocessor), sources_(preprocessor.getSourceManager()), text_(std::move(text)) {}

    // What a precompiled header includes is a system header to Clang where that header says so of itself, as those of
    // CMake do. The folder by which a file is found says what it is.
    void FileChanged(SourceLocation location, FileChangeReason reason, SrcMgr::CharacteristicKind kind,
                     FileID) override {
        if (reason != EnterFile || !SrcMgr::isSystem(kind)) return;
        const FileID entered = sources_.getFileID(location);
        const auto file = sources_.getFileEntryRefForID(entered);
        if (file && !SrcMgr::isSystem(preprocessor_.getHeaderSearchInfo().getFileDirFlavor(*file)))
            text_->inherited.insert(entered);
    }

    void InclusionDirective(SourceLocation hash, const Token&, llvm::StringRef name, bool angled, CharSourceRange range,
                            OptionalFileEntryRef file, llvm::StringRef, llvm::StringRef, const Module*, bool,
                            SrcMgr::CharacteristicKind) override {
        if (hash.isMacroID() || text_->is_foreign_file(sources_, sources_.getFileID(hash))) return;
        text_->includes.push_back({hash, range.getBegin(), name.str(), angled, real_path_of(file)});
    }
    void HasInclude(SourceLocation name, llvm::StringRef spelled, bool, OptionalFileEntryRef file,
                    SrcMgr::CharacteristicKind) override {
        if (name.isFileID() && !text_->is_foreign_file(sources_, sources_.getFileID(name)))
            text_->asked.push_back({name, spelled.str(), legacy_header(real_path_of(file)) != nullptr});
    }
    // An argument that the body never names is text that nobody compiles, as that of assert under NDEBUG.
    void MacroExpands(const Token&, const MacroDefinition& macro, SourceRange, const MacroArgs* arguments) override {
        const MacroInfo* info = macro.getMacroInfo();
        if (arguments == nullptr || info == nullptr) return;
        note_stringized(*info, *arguments);
        for (unsigned at = 0; at < info->getNumParams() && at < arguments->getNumMacroArguments(); ++at) {
            const IdentifierInfo* parameter = info->params()[at];
            const auto names_it = [&](const Token& each) { return each.getIdentifierInfo() == parameter; };
            if (llvm::any_of(info->tokens(), names_it)) continue;
            const Token* first = arguments->getUnexpArgument(at);
            const unsigned length = MacroArgs::getArgLength(first);
            if (length == 0) continue;
            const SourceRange written(first->getLocation(), first[length - 1].getEndLoc());
            if (written.getBegin().isFileID() && !is_foreign(written.getBegin())) text_->skipped.push_back(written);
        }
    }
    void SourceRangeSkipped(SourceRange range, SourceLocation) override { text_->skipped.push_back(range); }
    void MacroDefined(const Token& name, const MacroDirective* macro) override {
        const MacroInfo* info = macro->getMacroInfo();
        if (info->isBuiltinMacro() || info->getNumTokens() == 0 || is_foreign(name.getLocation())) return;
        text_->macro_bodies.emplace_back(info->getReplacementToken(0).getLocation(), info->tokens().back().getEndLoc());
    }

  private:
    // `#name` in a macro of the program's own. Those of test frameworks make messages.
    void note_stringized(const MacroInfo& macro, const MacroArgs& arguments) {
        if (is_foreign(macro.getDefinitionLoc())) return;
        for (unsigned at = 0; at + 1 < macro.getNumTokens(); ++at) {
            const auto* word = macro.getReplacementToken(at + 1).getIdentifierInfo();
            const int parameter = word == nullptr ? -1 : macro.getParameterNum(word);
            if (!macro.getReplacementToken(at).is(tok::hash) || parameter < 0 || makes_message(macro, at)) continue;
            if (static_cast<unsigned>(parameter) >= arguments.getNumMacroArguments()) continue;
            for (const Token* each = arguments.getUnexpArgument(static_cast<unsigned>(parameter));
                 each->isNot(tok::eof); ++each) {
                if (each->getIdentifierInfo() != nullptr) text_->stringized.push_back(each->getLocation());
            }
        }
    }

    // Text that is used under a condition alone, as where a check fails, or that goes with a file and a line, is for
    // people to read. `until`: how many tokens may hold that condition.
    bool makes_message(const MacroInfo& macro, unsigned until, unsigned depth = 0) const {
        for (unsigned at = 0; at < macro.getNumTokens() && depth < max_macros; ++at) {
            const Token& each = macro.getReplacementToken(at);
            if (at < until && each.isOneOf(tok::question, tok::pipepipe, tok::ampamp)) return true;
            IdentifierInfo* const word = each.getIdentifierInfo();
            if (word == nullptr) continue;
            const llvm::StringRef name = word->getName();
            if (name == "__LINE__" || name == "__FILE__" || name == "source_location" || (at < until && name == "if"))
                return true;
            const MacroInfo* inner = macro.getParameterNum(word) < 0 ? preprocessor_.getMacroInfo(word) : nullptr;
            if (inner != nullptr && !inner->isBuiltinMacro() &&
                (is_foreign(inner->getDefinitionLoc()) || makes_message(*inner, inner->getNumTokens(), depth + 1)))
                return true;
        }
        return false;
    }

    bool is_foreign(SourceLocation location) const {
        return sources_.isInSystemHeader(location) &&
               !text_->inherited.contains(sources_.getFileID(sources_.getExpansionLoc(location)));
    }

    Preprocessor& preprocessor_;
    SourceManager& sources_;
    std::shared_ptr<UnitText> text_;
};

}  // namespace

std::unique_ptr<PPCallbacks> watch_text(Preprocessor& preprocessor, std::shared_ptr<UnitText> text) {
    return std::make_unique<TextWatcher>(preprocessor, std::move(text));
}

bool UnitText::is_foreign_file(const SourceManager& sources, FileID file) const {
    return SrcMgr::isSystem(sources.getFileCharacteristic(sources.getLocForStartOfFile(file))) &&
           !inherited.contains(file);
}

void UnitText::store(UnitContext& unit) const {
    const SourceManager& sources = unit.sources();
    Facts& found = unit.found();
    const auto span = [&](SourceRange range, std::string& file) -> std::optional<std::pair<unsigned, unsigned>> {
        if (range.getBegin().isInvalid() || range.getBegin().isMacroID()) return std::nullopt;
        const auto [begin_file, begin] = sources.getDecomposedLoc(range.getBegin());
        const FileKind& kind = unit.kind_of(begin_file);
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
    for (const SourceLocation each : stringized) {
        if (const auto at = unit.place_of(each)) found.files[at->file].stringized.insert(at->offset);
    }
    for (const SeenInclude& each : includes) {
        const auto range = span({each.hash, each.hash}, file);
        if (!range) continue;
        const std::string& content = found.files[file].content;
        const unsigned word = skip_spaces(content, range->first + 1);
        unsigned name = skip_spaces(content, identifier_end(content, word));
        const bool computed = name < content.size() && is_identifier_character(content[name]);
        const bool quoted = name < content.size() && (content[name] == '"' || content[name] == '<');
        // Behind a comment, say.
        if (!computed && !quoted) name = sources.getFileOffset(sources.getFileLoc(each.name));
        found.files[file].includes[range->first] = {range->first, name,          each.spelled,
                                                    each.angled,  each.resolved, computed};
    }
    for (const AskedHeader& each : asked) {
        const auto range = span({each.name, each.name}, file);
        if (!range) continue;
        AskedFor& held = found.files[file].asked[range->first];
        held.spelled = each.spelled;
        (each.legacy ? held.is_there : held.is_missing) = true;
    }
    unit.kind_of(sources.getMainFileID());
    for (auto& [name, ranges] : skipped_here) {
        found.files[name].skipped[unit.id()] = ranges;
    }
}

}  // namespace migrate
