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
struct collection {
    facts& found;
    const options& asked;
    const unit_command& unit;
    const error_collector& errors;
    bool skip_bodies = true;  // of functions in system headers
    bool readable = false;
    bool wants_bodies = false;  // what was asked for cannot be known without them
};

class fact_consumer : public ASTConsumer {
  public:
    fact_consumer(collection& into, std::shared_ptr<unit_text> text) : into_(into), text_(std::move(text)) {}

    void HandleTranslationUnit(ASTContext& context) override {
        // Behind a header that is missing nobody knows what any name means.
        const bool lost = std::ranges::any_of(into_.errors.errors, [](const parse_error& each) {
            return each.fatal || each.message.ends_with("file not found");
        });
        if (lost) return;
        into_.readable = true;
        const broken_code broken(context, into_.errors.errors);
        UnitContext unit(context, into_.found, into_.asked, into_.unit, text_->inherited);
        text_->store(unit);
        Walker walker(unit, broken);
        walker.read();
        into_.wants_bodies = walker.wants_bodies();
        if (into_.wants_bodies || !into_.errors.errors.empty()) return;
        MeaningVisitor meanings(context, text_->inherited);
        meanings.read();
        into_.found.meanings[into_.unit.id] = meanings.meanings();
        into_.found.told_apart = meanings.told_apart();
    }

    // Bodies that nobody here asks about are most of a unit's text.
    bool shouldSkipFunctionBody(Decl* declaration) override {
        const SourceManager& sources = declaration->getASTContext().getSourceManager();
        const SourceLocation location = sources.getExpansionLoc(declaration->getLocation());
        return sources.isInSystemHeader(location) && !text_->inherited.contains(sources.getFileID(location));
    }

  private:
    collection& into_;
    std::shared_ptr<unit_text> text_;
};

class fact_action : public ASTFrontendAction {
  public:
    explicit fact_action(collection& into) : into_(into) {}

    std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& compiler, llvm::StringRef) override {
        compiler.getFrontendOpts().SkipFunctionBodies = into_.skip_bodies;
        auto text = std::make_shared<unit_text>();
        compiler.getPreprocessor().addPPCallbacks(watch_text(compiler.getPreprocessor(), text));
        return std::make_unique<fact_consumer>(into_, text);
    }

  private:
    collection& into_;
};

}  // namespace

namespace {

// Follows the preprocessor through the files that a search of include lines did not find.
class include_scan : public PPCallbacks {
  public:
    include_scan(const include_closure& known, bool& legacy) : known_(known), legacy_(legacy) {}

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
    const include_closure& known_;
    bool& legacy_;
    std::set<std::string> seen_;
};

class scan_action : public PreprocessOnlyAction {
  public:
    scan_action(const include_closure& known, bool& legacy) : known_(known), legacy_(legacy) {}

    bool BeginSourceFileAction(CompilerInstance& compiler) override {
        compiler.getPreprocessor().addPPCallbacks(std::make_unique<include_scan>(known_, legacy_));
        return true;
    }

  private:
    const include_closure& known_;
    bool& legacy_;
};

}  // namespace

bool sees_legacy(const unit_command& unit, const include_closure& known) {
    const edited_files none;
    error_collector errors(none);
    bool legacy = false;
    run_parser(unit, none, std::make_unique<ScanAction>(known, legacy), errors);
    return legacy;
}

parse_outcome collect(const unit_command& unit, facts& found, const options& asked) {
    const edited_files none;
    error_collector errors(none);
    collection into{found, asked, unit, errors};
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

class precompile_action : public GeneratePCHAction {
  public:
    precompile_action(std::string output, std::string& names) : output_(std::move(output)), names_(names) {}

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

std::string precompile(const unit_command& unit, const std::string& output) {
    const edited_files none;
    error_collector errors(none);
    std::string names;
    run_parser(unit, none, std::make_unique<PrecompileAction>(output, names), errors);
    return errors.errors.empty() && llvm::sys::fs::exists(output) ? names : std::string();
}

}  // namespace migrate
