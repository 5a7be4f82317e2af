// SPDX-License-Identifier: Apache-2.0
#include "project/unit_list.hpp"

#include <clang/Tooling/CompilationDatabase.h>
#include <clang/Tooling/JSONCompilationDatabase.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

#include <algorithm>
#include <map>
#include <memory>
#include <system_error>

#include "project/flags.hpp"
#include "project/project_roots.hpp"

namespace migrate {
namespace {

// What a database names is read where it is a file: a device may never end.
class ReadableFiles : public llvm::vfs::ProxyFileSystem {
  public:
    ReadableFiles() : ProxyFileSystem(llvm::vfs::getRealFileSystem()) {}
    llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine& path) override {
        if (!is_readable_file(path.str())) return std::make_error_code(std::errc::no_such_file_or_directory);
        return ProxyFileSystem::openFileForRead(path);
    }
};

using clang::tooling::CompilationDatabase;
using clang::tooling::CompileCommand;

bool lies_under(const std::set<std::string>& named, const std::string& file) {
    if (named.contains(file)) return true;
    for (std::size_t at = file.rfind('/'); at != std::string::npos && at > 0; at = file.rfind('/', at - 1)) {
        if (named.contains(file.substr(0, at))) return true;
    }
    return false;
}

std::string current_directory() {
    llvm::SmallString<256> here;
    return llvm::sys::fs::current_path(here) ? "." : here.str().str();
}

// compile_commands.json at or above the first file, as clang's own tools look for it.
std::string find_database(const std::vector<std::string>& files) {
    std::string folder = files.empty() ? current_directory() : real_path(files.front());
    while (!folder.empty()) {
        for (const char* below : {"", "/build"}) {
            if (llvm::sys::fs::exists(folder + below + "/compile_commands.json")) return folder + below;
        }
        if (folder == "/") break;
        folder = llvm::sys::path::parent_path(folder).str();
    }
    return {};
}

// The commands of the database, or what is wrong with it. `given`: as the user named it, if so.
std::vector<CompileCommand> load_database(const std::string& file, const std::string& given, std::string& wrong) {
    if (!given.empty() && !llvm::sys::fs::exists(given)) {
        wrong = "no such folder or file: '" + given + "'";
        return {};
    }
    if (!llvm::sys::fs::exists(file)) {
        wrong = "no compile_commands.json in '" + given + "'";
        return {};
    }
    std::string problem;
    std::unique_ptr<CompilationDatabase> database = clang::tooling::JSONCompilationDatabase::loadFromFile(
        file, problem, clang::tooling::JSONCommandLineSyntax::AutoDetect);
    if (database == nullptr) {
        wrong = "'" + file + "' is no compilation database: " + llvm::StringRef(problem).trim().str();
        return {};
    }
    database = clang::tooling::expandResponseFiles(std::move(database), llvm::makeIntrusiveRefCnt<ReadableFiles>());
    database = clang::tooling::inferTargetAndDriverMode(std::move(database));
    std::vector<CompileCommand> commands = database->getAllCompileCommands();
    if (commands.empty()) wrong = "'" + file + "' names no unit";
    return commands;
}

std::vector<CompileCommand> read_commands(const Options& asked, UnitList& list) {
    if (asked.fixed_command) {
        std::vector<CompileCommand> commands;
        for (const std::string& file : asked.files) {
            std::vector<std::string> line = {"clang++"};
            line.insert(line.end(), asked.fixed_arguments.begin(), asked.fixed_arguments.end());
            line.push_back(real_path(file));
            commands.emplace_back(current_directory(), real_path(file), line, "");
        }
        if (commands.empty()) list.problem = "a command behind '--' needs files to compile";
        return commands;
    }
    const std::string folder = find_build_directory(asked);
    if (folder.empty()) {
        list.problem = "no compile_commands.json here or above; name it or its folder with -p";
        return {};
    }
    const bool named = llvm::sys::fs::is_regular_file(asked.build_directory);
    const std::string file = named ? asked.build_directory : folder + "/compile_commands.json";
    std::vector<CompileCommand> commands = load_database(file, asked.build_directory, list.problem);
    // Written by hand, a database may say "." and mean its own folder, wherever this runs.
    for (CompileCommand& each : commands) {
        llvm::SmallString<256> directory(each.Directory);
        if (llvm::sys::path::is_relative(each.Directory)) {
            directory = real_path(folder);
            llvm::sys::path::append(directory, each.Directory);
        }
        llvm::sys::path::remove_dots(directory, true);
        each.Directory = directory.str().str();
    }
    return commands;
}

bool is_precompiled_header(const CompileCommand& command) {
    const llvm::StringRef file = command.Filename;
    return file.ends_with(".pch") || file.ends_with(".gch") || file.ends_with("cmake_pch.hxx.cxx") ||
           file.ends_with("cmake_pch.hxx");
}

// A file is in the language that it is compiled as: a C++ driver takes `.c` for C++, and so may -x.
bool is_readable_source(const CompileCommand& command) {
    const llvm::StringRef ending = llvm::sys::path::extension(command.Filename);
    if (ending == ".s" || ending == ".S" || ending == ".asm" || ending == ".rc" || ending == ".f90") return false;
    const std::vector<std::string>& words = command.CommandLine;
    const auto asked = std::ranges::find_if(words, [](const std::string& each) { return each.starts_with("-x"); });
    if (asked != words.end()) {
        const bool apart = *asked == "-x" && asked + 1 != words.end();
        const std::string language = apart ? *(asked + 1) : asked->substr(2);
        return language == "c++" || language.starts_with("cu");
    }
    return ending != ".c" || std::ranges::any_of(words.begin(), words.begin() + std::min<long>(2, std::ssize(words)),
                                                 [](const std::string& each) { return each.find("++") != each.npos; });
}

}  // namespace

std::string real_path(const std::string& path) {
    llvm::SmallString<256> result;
    return llvm::sys::fs::real_path(path, result) ? path : result.str().str();
}

std::string find_build_directory(const Options& asked) {
    if (llvm::sys::fs::is_regular_file(asked.build_directory)) {
        const llvm::StringRef folder = llvm::sys::path::parent_path(asked.build_directory);
        return folder.empty() ? "." : folder.str();
    }
    if (!asked.build_directory.empty()) return asked.build_directory;
    return asked.fixed_command ? current_directory() : find_database(asked.files);
}

bool UnitList::accounts_for(const std::string& file) const {
    return named.empty() || seen.contains(file) || lies_under(named, file);
}

UnitList list_units(Options& asked) {
    UnitList list;
    for (const std::string& file : asked.files) {
        if (!llvm::sys::fs::exists(file)) {
            list.problem = "no such file or folder: '" + file + "'";
            return list;
        }
        list.named.insert(real_path(file));
    }
    std::map<std::string, unsigned> times;  // one file may be compiled in several configurations
    std::set<std::string> entries;
    for (const CompileCommand& command : read_commands(asked, list)) {
        if (is_precompiled_header(command) || !is_readable_source(command)) continue;
        ListedUnit unit{understand(command, asked.extra_arguments), {}, true};
        unit.command.file = real_path(unit.command.file);
        std::string entry = unit.command.directory;
        for (const std::string& each : unit.command.arguments) entry += '\n' + each;
        if (!entries.insert(entry).second) continue;
        const unsigned configuration = ++times[unit.command.file];
        unit.command.id = unit.command.file;
        if (configuration > 1) unit.command.id += "#" + std::to_string(configuration);
        unit.selected = list.named.empty() || lies_under(list.named, unit.command.file);
        list.units.push_back(std::move(unit));
    }
    if (!list.problem.empty()) return list;
    for (ListedUnit& unit : list.units) {
        unit.closure = close_includes(unit.command);
        if (unit.closure.uses_new_api) unit.command = as_new_standard(unit.command, asked.triune_include);
    }
    std::vector<std::string> sources;
    for (const ListedUnit& unit : list.units) sources.push_back(unit.command.file);
    asked.roots = find_roots(find_build_directory(asked), sources);
    std::set<std::string> met;
    for (const ListedUnit& unit : list.units) {
        for (const std::string& file : unit.closure.files) {
            for (const std::string& named : list.named) {
                if (file == named || file.starts_with(named + "/")) met.insert(named);
            }
        }
    }
    for (const std::string& named : list.named) {
        if (met.contains(named)) continue;
        list.problem = "nothing that the compilation database compiles is or lies in '" + named + "'";
        return list;
    }
    if (list.named.empty()) return list;
    for (const ListedUnit& unit : list.units) {
        if (unit.selected) list.seen.insert(unit.closure.files.begin(), unit.closure.files.end());
    }
    for (const ListedUnit& unit : list.units) {
        if (unit.selected) continue;
        for (const std::string& file : unit.closure.files) {
            if (!lies_under(list.named, file)) asked.locked_files.insert(file);
        }
    }
    return list;
}

}  // namespace migrate
