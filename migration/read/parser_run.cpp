// SPDX-License-Identifier: Apache-2.0
#include "read/parser_run.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/VirtualFileSystem.h>

#include "project/nvcc_flags.hpp"

namespace migrate {

using namespace clang;

std::string real_path_of(llvm::StringRef path) {
    llvm::SmallString<256> result;
    return llvm::sys::fs::real_path(path, result) ? path.str() : result.str().str();
}

namespace {

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
        const auto found = edited_.find(real_path_of(full));
        return found == edited_.end() ? nullptr : &found->second.text;
    }

    const EditedFiles& edited_;
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

}  // namespace

void ErrorCollector::HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic& diagnostic) {
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

// What is wrong inside a template is the fault of the edited line that instantiates it, which a note names.
void ErrorCollector::trace_back(const Diagnostic& diagnostic) {
    ParseError user;
    put_place(user, diagnostic);
    if (!waiting_ || !edited_.contains(user.file)) return;
    std::tie(errors.back().file, errors.back().offset, errors.back().line) =
        std::tie(user.file, user.offset, user.line);
    waiting_ = false;
}

void ErrorCollector::put_place(ParseError& error, const Diagnostic& diagnostic) {
    if (!diagnostic.hasSourceManager() || diagnostic.getLocation().isInvalid()) return;
    const SourceManager& sources = diagnostic.getSourceManager();
    const auto [file, offset] = sources.getDecomposedLoc(sources.getFileLoc(diagnostic.getLocation()));
    if (const auto known = sources.getFileEntryRefForID(file)) error.file = real_path_of(known->getName());
    error.offset = offset;
    error.line = sources.getLineNumber(file, offset);
}

void run_parser(const UnitCommand& unit, const EditedFiles& edited, std::unique_ptr<FrontendAction> action,
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

}  // namespace migrate
