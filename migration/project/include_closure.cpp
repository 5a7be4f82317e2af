// SPDX-License-Identifier: Apache-2.0
#include "project/include_closure.hpp"

#include <llvm/Support/FileSystem.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/Path.h>

#include <glob.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <string_view>

#include "project/flags.hpp"
#include "rules/legacy_names.hpp"
#include "text/source_text.hpp"

namespace migrate {
namespace {

struct WrittenIncludes {
    std::vector<std::string> names;
    bool computed = false;           // an include line that text alone does not resolve: #include MACRO, #include_next
    bool distinctive_names = false;  // a legacy name is spelled somewhere, the exception of legacy calls, or a
                                     // condition that asks for a legacy header
    bool new_handlers = false;       // perhaps: what migrated calls throw may be caught
};

bool asks_for_legacy_header(std::string_view text) {
    constexpr std::string_view question = "__has_include";
    for (std::size_t at = text.find(question); at != std::string_view::npos; at = text.find(question, at + 1)) {
        if (legacy_header(quoted_header(text, text.find_first_of("\"<\n", at))) != nullptr) return true;
    }
    return false;
}

const WrittenIncludes& read_includes(const std::string& file) {
    static std::map<std::string, WrittenIncludes> cache;
    const auto [entry, fresh] = cache.try_emplace(file);
    if (!fresh) return entry->second;
    if (!is_readable_file(file)) return entry->second;
    const auto buffer = llvm::MemoryBuffer::getFile(file);
    if (!buffer) return entry->second;
    const std::string_view text((*buffer)->getBufferStart(), (*buffer)->getBufferSize());
    for (std::size_t hash = text.find('#'); hash != std::string_view::npos; hash = text.find('#', hash + 1)) {
        std::size_t at = hash + 1;
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
        if (text.substr(at, 7) != "include") continue;
        at += 7;
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
        if (at < text.size() && (text[at] == '_' || std::isalpha(static_cast<unsigned char>(text[at])))) {
            entry->second.computed = true;
        }
        const std::string_view name = quoted_header(text, at);
        if (!name.empty()) entry->second.names.emplace_back(name);
    }
    // A handler far above the calls must be known even where it stands in a unit that sees no legacy header.
    const auto has = [&](std::string_view word) { return text.find(word) != std::string_view::npos; };
    if (has("CudaException") || asks_for_legacy_header(text)) entry->second.distinctive_names = true;
    entry->second.new_handlers = has("triune") && has("catch");
    for (const Rule& each : all_rules()) {
        for (const Spelling& name : each.spellings) {
            const auto last = name.legacy.substr(name.legacy.rfind(':') + 1);
            if (find_distinctive_name(last) && text.find(last) != std::string_view::npos)
                entry->second.distinctive_names = true;
        }
    }
    return entry->second;
}

// Where compilers look without being told. What is there names nothing legacy, and is not entered.
const std::vector<std::string>& system_folders() {
    static const std::vector<std::string> folders = [] {
        std::vector<std::string> found;
        for (const char* pattern :
             {"/usr/local/include", "/usr/include", "/usr/include/c++/*", "/usr/include/*-linux-*",
              "/usr/include/*-linux-*/c++/*", "/usr/lib/gcc/*/*/include"}) {
            glob_t matches{};
            if (::glob(pattern, 0, nullptr, &matches) == 0)
                found.insert(found.end(), matches.gl_pathv, matches.gl_pathv + matches.gl_pathc);
            ::globfree(&matches);
        }
        return found;
    }();
    return folders;
}

bool is_system_header(const std::string& name) {
    static std::map<std::string, bool> cache;
    const auto [entry, fresh] = cache.try_emplace(name);
    if (fresh) {
        entry->second = std::ranges::any_of(system_folders(), [&](const std::string& each) {
            return llvm::sys::fs::is_regular_file(each + "/" + name);
        });
    }
    return entry->second;
}

std::string real(const std::string& path) {
    llvm::SmallString<256> result;
    return llvm::sys::fs::real_path(path, result) ? path : result.str().str();
}

}  // namespace

bool is_of_the_system(const std::string& file) {
    return std::ranges::any_of(system_folders(), [&](const std::string& each) { return file.starts_with(each + "/"); });
}

bool names_legacy(const std::string& file) { return read_includes(file).distinctive_names; }

IncludeClosure close_includes(const UnitCommand& unit) {
    IncludeClosure closure;
    auto directories = include_directories(unit);
    if (const char* more = std::getenv("CPLUS_INCLUDE_PATH")) {
        llvm::SmallVector<llvm::StringRef> parts;
        llvm::StringRef(more).split(parts, ':', -1, false);
        for (const llvm::StringRef each : parts) directories.push_back(each.str());
    }
    std::vector<std::string> open = {real(unit.file)};
    for (std::size_t at = 0; at + 1 < unit.arguments.size(); ++at) {
        if (unit.arguments[at] != "-include") continue;
        // Beside the unit's folder, or behind an -I. It may be handed past the driver: -Xclang -include -Xclang FILE.
        const bool past = unit.arguments[at + 1] == "-Xclang" && at + 2 < unit.arguments.size();
        const std::string& name = unit.arguments[at + (past ? 2 : 1)];
        if (legacy_header(name) != nullptr) closure.mentions_legacy = true;
        llvm::SmallString<256> beside(name);
        llvm::sys::fs::make_absolute(unit.directory, beside);
        const std::size_t before = open.size();
        if (llvm::sys::fs::is_regular_file(beside)) open.push_back(real(beside.str().str()));
        for (const std::string& each : directories) {
            if (llvm::sys::fs::is_regular_file(each + "/" + name)) open.push_back(real(each + "/" + name));
        }
        if (open.size() == before) closure.text_says_all = false;
    }
    while (!open.empty()) {
        const std::string file = open.back();
        open.pop_back();
        if (!closure.files.insert(file).second) continue;
        const WrittenIncludes& written = read_includes(file);
        // A class announced without its header has no include to find it by.
        if (written.distinctive_names) closure.mentions_legacy = true;
        if (written.computed) closure.text_says_all = false;
        if (written.new_handlers) closure.has_new_handlers = true;
        for (const std::string& name : written.names) {
            if (legacy_header(name) != nullptr) closure.mentions_legacy = true;
            if (is_error_header(name)) continue;
            if (name.starts_with("triune/")) closure.uses_new_api = true;
            llvm::SmallString<256> beside(llvm::sys::path::parent_path(file));
            llvm::sys::path::append(beside, name);
            // All that it may be: which one a compiler takes depends on brackets, order and what includes it.
            std::vector<std::string> found;
            const auto try_file = [&](const std::string& path) {
                if (llvm::sys::fs::is_regular_file(path)) found.push_back(real(path));
            };
            if (llvm::sys::path::is_absolute(name)) try_file(name);
            try_file(beside.str().str());
            for (const std::string& each : directories) try_file(each + "/" + name);
            if (found.empty() && !is_system_header(name)) closure.text_says_all = false;
            for (const std::string& path : found) {
                if (legacy_header(path) != nullptr) {
                    closure.mentions_legacy = true;
                } else if (!is_new_api(path)) {
                    open.push_back(path);
                }
            }
        }
    }
    return closure;
}

}  // namespace migrate
