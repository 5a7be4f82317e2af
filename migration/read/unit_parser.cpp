// SPDX-License-Identifier: Apache-2.0
#include "read/unit_parser.hpp"

#include <llvm/Support/FileSystem.h>

#include <algorithm>

#include "clang/broken_code.hpp"
#include "clang/clang_headers.hpp"
#include "collect/include_watch.hpp"
#include "collect/meaning_visitor.hpp"
#include "collect/walker.hpp"
#include "read/parser_run.hpp"

namespace migrate {
namespace {

using namespace clang;

// Where facts go, and what they are read with.
struct Collection {
    Facts& found;
    const Options& asked;
    const UnitCommand& unit;
    const ErrorCollector& errors;
    bool skip_bodies = true;  // of functions in system headers
    bool readable = false;
    bool wants_bodies = false;  // what was asked for cannot be known without them
};

class FactConsumer : public ASTConsumer {
  public:
    FactConsumer(Collection& into, std::shared_ptr<UnitText> text) : into_(into), text_(std::move(text)) {}

    void HandleTranslationUnit(ASTContext& context) override {
        // Behind a header that is missing nobody knows what any name means.
        const bool lost = std::ranges::any_of(into_.errors.errors, [](const ParseError& each) {
            return each.fatal || each.message.ends_with("file not found");
        });
        if (lost) return;
        into_.readable = true;
        const BrokenCode broken(context, into_.errors.errors);
        UnitContext unit(context, into_.found, into_.asked, into_.unit, text_->inherited);
        text_->store(unit);
        Walker walker(unit, broken);
        walker.read();
        into_.wants_bodies = into_.skip_bodies && walker.wants_bodies();
        if (into_.wants_bodies || !into_.errors.errors.empty()) return;
        MeaningVisitor meanings(context, text_->inherited);
        meanings.read();
        into_.found.meanings[into_.unit.id] = meanings.meanings();
        into_.found.told_apart.merge(meanings.told_apart());
    }

    // Bodies that nobody here asks about are most of a unit's text.
    bool shouldSkipFunctionBody(Decl* declaration) override {
        const SourceManager& sources = declaration->getASTContext().getSourceManager();
        return text_->is_foreign_file(sources, sources.getFileID(sources.getExpansionLoc(declaration->getLocation())));
    }

  private:
    Collection& into_;
    std::shared_ptr<UnitText> text_;
};

class FactAction : public ASTFrontendAction {
  public:
    explicit FactAction(Collection& into) : into_(into) {}

    std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& compiler, llvm::StringRef) override {
        compiler.getFrontendOpts().SkipFunctionBodies = into_.skip_bodies;
        auto text = std::make_shared<UnitText>();
        compiler.getPreprocessor().addPPCallbacks(watch_text(compiler.getPreprocessor(), text));
        return std::make_unique<FactConsumer>(into_, text);
    }

  private:
    Collection& into_;
};

}  // namespace

namespace {

// Follows the preprocessor through the files that a search of include lines did not find.
class IncludeScan : public PPCallbacks {
  public:
    IncludeScan(const IncludeClosure& known, bool& legacy) : known_(known), legacy_(legacy) {}

    void InclusionDirective(SourceLocation, const Token&, llvm::StringRef name, bool, CharSourceRange,
                            OptionalFileEntryRef file, llvm::StringRef, llvm::StringRef, const Module*, bool,
                            SrcMgr::CharacteristicKind) override {
        if (legacy_ || !file) return;
        const std::string path = real_path_of(file->getName());
        if (!seen_.insert(path).second) return;
        legacy_ = legacy_header(name) != nullptr || legacy_header(path) != nullptr ||
                  (!known_.files.contains(path) && !is_of_the_system(path) && !is_error_header(path) &&
                   !is_new_api(path) && names_legacy(path));
    }

  private:
    const IncludeClosure& known_;
    bool& legacy_;
    std::set<std::string> seen_;
};

class ScanAction : public PreprocessOnlyAction {
  public:
    ScanAction(const IncludeClosure& known, bool& legacy) : known_(known), legacy_(legacy) {}

    bool BeginSourceFileAction(CompilerInstance& compiler) override {
        compiler.getPreprocessor().addPPCallbacks(std::make_unique<IncludeScan>(known_, legacy_));
        return true;
    }

  private:
    const IncludeClosure& known_;
    bool& legacy_;
};

}  // namespace

bool sees_legacy(const UnitCommand& unit, const IncludeClosure& known) {
    const EditedFiles none;
    ErrorCollector errors(none);
    bool legacy = false;
    run_parser(unit, none, std::make_unique<ScanAction>(known, legacy), errors);
    return legacy;
}

ParseOutcome collect(const UnitCommand& unit, Facts& found, const Options& asked) {
    const EditedFiles none;
    ErrorCollector errors(none);
    Collection into{found, asked, unit, errors};
    run_parser(unit, {}, std::make_unique<FactAction>(into), errors);
    if (into.wants_bodies) {
        found = {};
        errors.errors.clear();
        into.skip_bodies = false;
        run_parser(unit, {}, std::make_unique<FactAction>(into), errors);
    }
    return {errors.errors, into.readable};
}

namespace {

class PrecompileAction : public GeneratePCHAction {
  public:
    PrecompileAction(std::string output, std::string& names) : output_(std::move(output)), names_(names) {}

    bool BeginInvocation(CompilerInstance& compiler) override {
        compiler.getFrontendOpts().OutputFile = output_;
        return GeneratePCHAction::BeginInvocation(compiler);
    }
    void EndSourceFileAction() override {
        for (const auto& each : getCompilerInstance().getPreprocessor().getIdentifierTable()) {
            names_ += each.getKey().str() + "\n";
        }
        GeneratePCHAction::EndSourceFileAction();
    }

  private:
    const std::string output_;
    std::string& names_;
};

}  // namespace

std::string precompile(const UnitCommand& unit, const std::string& output) {
    const EditedFiles none;
    ErrorCollector errors(none);
    std::string names;
    run_parser(unit, none, std::make_unique<PrecompileAction>(output, names), errors);
    return errors.errors.empty() && llvm::sys::fs::exists(output) ? names : std::string();
}

}  // namespace migrate
