// SPDX-License-Identifier: Apache-2.0
#include "read/unit_parser.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <algorithm>

#include "clang/broken_code.hpp"
#include "clang/clang_headers.hpp"
#include "collect/include_watch.hpp"
#include "collect/walker.hpp"
#include "project/nvcc_flags.hpp"

namespace migrate {
namespace {

using namespace clang;

std::string real(llvm::StringRef path) {
    llvm::SmallString<256> result;
    return llvm::sys::fs::real_path(path, result) ? path.str() : result.str().str();
}

// The disk, with some files' contents replaced whatever name they are opened by.
class EditedFileSystem : public llvm::vfs::ProxyFileSystem {
  public:
    EditedFileSystem(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> disk, const EditedFiles& edited)
        : ProxyFileSystem(std::move(disk)), edited_(edited) {}

    llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine& path) override {
        auto found = ProxyFileSystem::status(path);
        const std::string* text = replacement(path);
        if (!found || text == nullptr) return found;
        return llvm::vfs::Status::copyWithNewSize(*found, text->size());
    }

    llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine& path) override {
        auto found = ProxyFileSystem::openFileForRead(path);
        const std::string* text = replacement(path);
        if (!found || text == nullptr) return found;
        auto state = status(path);
        if (!state) return state.getError();
        return std::make_unique<EditedFile>(*state, *text);
    }

  private:
    class EditedFile : public llvm::vfs::File {
      public:
        EditedFile(llvm::vfs::Status state, const std::string& text) : state_(std::move(state)), text_(text) {}
        llvm::ErrorOr<llvm::vfs::Status> status() override { return state_; }
        llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine& name, int64_t, bool,
                                                                     bool) override {
            return llvm::MemoryBuffer::getMemBufferCopy(text_, name);
        }
        std::error_code close() override { return {}; }

      private:
        llvm::vfs::Status state_;
        const std::string& text_;
    };

    const std::string* replacement(const llvm::Twine& path) {
        if (edited_.empty()) return nullptr;
        llvm::SmallString<256> full;
        path.toVector(full);
        if (makeAbsolute(full)) return nullptr;
        const auto found = edited_.find(real(full));
        return found == edited_.end() ? nullptr : &found->second;
    }

    const EditedFiles& edited_;
};

class ErrorCollector : public DiagnosticConsumer {
  public:
    explicit ErrorCollector(const EditedFiles& edited) : edited_(edited) {}

    void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic& diagnostic) override {
        if (level == DiagnosticsEngine::Note) return trace_back(diagnostic);
        waiting_ = false;
        if (level < DiagnosticsEngine::Error) return;
        ParseError error;
        llvm::SmallString<256> message;
        diagnostic.FormatDiagnostic(message);
        error.message = message.str().str();
        put_place(error, diagnostic);
        error.fatal = level == DiagnosticsEngine::Fatal;
        errors.push_back(error);
        waiting_ = !edited_.empty() && !edited_.contains(error.file);
    }
    std::vector<ParseError> errors;

  private:
    // What is wrong inside a template is the fault of the edited line that instantiates it, which a note names.
    void trace_back(const Diagnostic& diagnostic) {
        ParseError user;
        put_place(user, diagnostic);
        if (!waiting_ || !edited_.contains(user.file)) return;
        std::tie(errors.back().file, errors.back().offset, errors.back().line) =
            std::tie(user.file, user.offset, user.line);
        waiting_ = false;
    }

    static void put_place(ParseError& error, const Diagnostic& diagnostic) {
        if (!diagnostic.hasSourceManager() || diagnostic.getLocation().isInvalid()) return;
        const SourceManager& sources = diagnostic.getSourceManager();
        const auto [file, offset] = sources.getDecomposedLoc(sources.getFileLoc(diagnostic.getLocation()));
        if (const auto known = sources.getFileEntryRefForID(file)) error.file = real(known->getName());
        error.offset = offset;
        error.line = sources.getLineNumber(file, offset);
    }

    const EditedFiles& edited_;
    bool waiting_ = false;  // for the note that names an edited line
};

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
        into_.wants_bodies = walker.wants_bodies();
    }

    // Bodies that nobody here asks about are most of a unit's text.
    bool shouldSkipFunctionBody(Decl* declaration) override {
        const SourceManager& sources = declaration->getASTContext().getSourceManager();
        const SourceLocation location = sources.getExpansionLoc(declaration->getLocation());
        return sources.isInSystemHeader(location) && !text_->inherited.contains(sources.getFileID(location));
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

// Headers that CUDA code needs and no disk has.
void extra_files(const UnitCommand& unit, llvm::vfs::OverlayFileSystem& disk) {
    auto extra = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
    extra->addFile(nvcc_host_functions_name, 0, llvm::MemoryBuffer::getMemBuffer(nvcc_host_functions()));
    for (const std::string& each : unit.arguments) {
        // Clang 19's own CUDA wrapper asks for a header that CUDA 13 no longer has.
        constexpr std::string_view flag = "--cuda-path=";
        if (!each.starts_with(flag)) continue;
        const std::string name = each.substr(flag.size()) + "/include/texture_fetch_functions.h";
        if (!llvm::sys::fs::exists(name)) extra->addFile(name, 0, llvm::MemoryBuffer::getMemBuffer("\n"));
    }
    disk.pushOverlay(extra);
}

void run(const UnitCommand& unit, const EditedFiles& edited, std::unique_ptr<FrontendAction> action,
         ErrorCollector& errors) {
    auto disk = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(
        llvm::makeIntrusiveRefCnt<EditedFileSystem>(llvm::vfs::createPhysicalFileSystem(), edited));
    if (unit.cuda) {
        extra_files(unit, *disk);
    }
    disk->setCurrentWorkingDirectory(unit.directory);
    FileSystemOptions place;
    place.WorkingDir = unit.directory;
    auto files = llvm::makeIntrusiveRefCnt<FileManager>(place, disk);
    tooling::ToolInvocation invocation(unit.arguments, std::move(action), files.get());
    invocation.setDiagnosticConsumer(&errors);
    if (!invocation.run() && errors.errors.empty()) {
        ParseError unknown;
        unknown.message = "the unit could not be parsed";
        unknown.fatal = true;
        errors.errors.push_back(unknown);
    }
}

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
        const std::string path = real(file->getName());
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
    run(unit, none, std::make_unique<ScanAction>(known, legacy), errors);
    return legacy;
}

ParseOutcome collect(const UnitCommand& unit, Facts& found, const Options& asked) {
    const EditedFiles none;
    ErrorCollector errors(none);
    Collection into{found, asked, unit, errors};
    run(unit, {}, std::make_unique<FactAction>(into), errors);
    if (into.wants_bodies) {
        found = {};
        errors.errors.clear();
        into.skip_bodies = false;
        run(unit, {}, std::make_unique<FactAction>(into), errors);
    }
    return {errors.errors, into.readable};
}

namespace {

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

class CheckAction : public SyntaxOnlyAction {
  public:
    CheckAction(const std::unordered_set<std::string>& names, bool& changes_header)
        : names_(names), changes_header_(changes_header) {}

    bool BeginSourceFileAction(CompilerInstance& compiler) override {
        compiler.getPreprocessor().addPPCallbacks(
            std::make_unique<MacroWatch>(compiler.getSourceManager(), names_, changes_header_));
        return true;
    }

  private:
    const std::unordered_set<std::string>& names_;
    bool& changes_header_;
};

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

std::vector<ParseError> check(const UnitCommand& unit, const EditedFiles& edited, const PrecompiledHeader* in_front) {
    if (in_front != nullptr) {
        UnitCommand shorter = unit;
        const auto file = shorter.arguments.end() - 1;
        shorter.arguments.insert(file, {"-Xclang", "-include-pch", "-Xclang", in_front->file});
        ErrorCollector errors(edited);
        bool changes_header = false;
        run(shorter, edited, std::make_unique<CheckAction>(in_front->names, changes_header), errors);
        if (errors.errors.empty() && !changes_header) return {};
    }
    // With all bodies: what a container's emplace makes of its arguments is known in there alone.
    ErrorCollector errors(edited);
    run(unit, edited, std::make_unique<SyntaxOnlyAction>(), errors);
    return errors.errors;
}

std::string precompile(const UnitCommand& unit, const std::string& output) {
    const EditedFiles none;
    ErrorCollector errors(none);
    std::string names;
    run(unit, none, std::make_unique<PrecompileAction>(output, names), errors);
    return errors.errors.empty() && llvm::sys::fs::exists(output) ? names : std::string();
}

}  // namespace migrate
