// SPDX-License-Identifier: Apache-2.0
// Parses an edited unit, and compares what it means with what it meant.
#include "clang/clang_headers.hpp"
#include "collect/include_watch.hpp"
#include "collect/meaning_visitor.hpp"
#include "edits/old_places.hpp"
#include "read/parser_run.hpp"
#include "read/unit_parser.hpp"

namespace migrate {
namespace {

using namespace clang;

class MacroWatch : public PPCallbacks {
  public:
    MacroWatch(const SourceManager& sources, const std::unordered_set<std::string>& names, bool& found)
        : sources_(sources), names_(names), found_(found) {}

    void MacroDefined(const Token& name, const MacroDirective*) override {
        const SourceLocation place = name.getLocation();
        // The flags' own macros stood in front of the header too.
        if (sources_.isWrittenInBuiltinFile(place) || sources_.isWrittenInCommandLineFile(place)) return;
        if (!sources_.isInSystemHeader(place))
            found_ = found_ || names_.contains(name.getIdentifierInfo()->getName().str());
    }

  private:
    const SourceManager& sources_;
    const std::unordered_set<std::string>& names_;
    bool& found_;
};

// What an edited unit is compared with, and what comes out.
struct Comparison {
    const EditedFiles& edited;
    const std::vector<Meaning>& before;
    const ErrorCollector& errors;
    const std::unordered_set<std::string>* header_names = nullptr;
    bool changes_header = false;
    std::vector<ParseError> differences = {};
};

class MeaningConsumer : public ASTConsumer {
  public:
    MeaningConsumer(Comparison& into, std::shared_ptr<UnitText> text) : into_(into), text_(std::move(text)) {}

    void HandleTranslationUnit(ASTContext& context) override {
        if (into_.before.empty() || into_.changes_header || !into_.errors.errors.empty()) return;
        const std::vector<Meaning> before = settled(into_.before, into_.edited);
        std::set<Place> wanted;
        for (const Meaning& each : before) wanted.insert(each.at);
        const auto unedited = [&](const std::string& path, unsigned offset) -> std::optional<unsigned> {
            const auto file = into_.edited.find(path);
            return file == into_.edited.end() ? offset : old_offset(file->second, offset);
        };
        MeaningVisitor meanings(context, text_->inherited, unedited, wanted);
        meanings.read();
        into_.differences = other_meanings(before, meanings.meanings());
    }

  private:
    Comparison& into_;
    std::shared_ptr<UnitText> text_;
};

class CheckAction : public ASTFrontendAction {
  public:
    explicit CheckAction(Comparison& into) : into_(into) {}

    std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& compiler, llvm::StringRef) override {
        Preprocessor& preprocessor = compiler.getPreprocessor();
        if (into_.header_names != nullptr) {
            preprocessor.addPPCallbacks(
                std::make_unique<MacroWatch>(compiler.getSourceManager(), *into_.header_names, into_.changes_header));
        }
        auto text = std::make_shared<UnitText>();
        preprocessor.addPPCallbacks(watch_text(preprocessor, text));
        return std::make_unique<MeaningConsumer>(into_, text);
    }

  private:
    Comparison& into_;
};

}  // namespace

std::vector<ParseError> check(const UnitCommand& unit, const EditedFiles& edited, const std::vector<Meaning>& before,
                              const PrecompiledHeader* in_front) {
    if (in_front != nullptr) {
        UnitCommand shorter = unit;
        const auto file = shorter.arguments.end() - 1;
        shorter.arguments.insert(file, {"-Xclang", "-include-pch", "-Xclang", in_front->file});
        ErrorCollector errors(edited);
        Comparison made{edited, before, errors, &in_front->names};
        run_parser(shorter, edited, std::make_unique<CheckAction>(made), errors);
        if (errors.errors.empty() && !made.changes_header) return made.differences;
    }
    // With all bodies: what a container's emplace makes of its arguments is known in there alone.
    ErrorCollector errors(edited);
    Comparison made{edited, before, errors};
    run_parser(unit, edited, std::make_unique<CheckAction>(made), errors);
    return errors.errors.empty() ? made.differences : errors.errors;
}

}  // namespace migrate
