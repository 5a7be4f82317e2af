// SPDX-License-Identifier: Apache-2.0
#include "apply/journal.hpp"

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Support/xxhash.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "apply/write.hpp"
#include "project/project_roots.hpp"

namespace migrate {
namespace {

// A copy of a text may be read by no more people than the text.
constexpr unsigned for_the_user_alone = 0600;

// Two halves, since equal digests decide whether a file may be overwritten.
std::string digest(const std::string& text) {
    const llvm::XXH128_hash_t hash =
        llvm::xxh3_128bits({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    return std::to_string(hash.high64) + "-" + std::to_string(hash.low64) + "-" + std::to_string(text.size());
}

// Paths are bytes and JSON is UTF-8, so they are written in hexadecimal digits where they are not.
std::string encoded(const std::string& path) {
    if (llvm::json::isUTF8(path)) return path;
    return "hex:" + llvm::toHex(path, true);
}

std::string decoded(const std::string& path) { return path.starts_with("hex:") ? llvm::fromHex(path.substr(4)) : path; }

}  // namespace

Journal::Journal(const std::string& build_directory, std::vector<std::string> roots)
    : root_(build_directory + "/.triune-migrate"), project_(std::move(roots)) {}

std::string Journal::distrust() const {
    struct stat state {};
    if (::lstat(root_.c_str(), &state) != 0) return {};
    const std::string advice = ", so nothing that it says is done; remove it, or name another build folder";
    if (!S_ISDIR(state.st_mode)) return "'" + root_ + "' is no folder" + advice;
    if (state.st_uid != ::geteuid()) return "'" + root_ + "' belongs to another user" + advice;
    if ((state.st_mode & S_IWOTH) != 0) return "everybody may write to '" + root_ + "'" + advice;
    return {};
}

std::string Journal::folder(unsigned run) const { return root_ + "/" + std::to_string(run); }

unsigned Journal::newest() const {
    unsigned result = 0;
    std::error_code problem;
    for (llvm::sys::fs::directory_iterator at(root_, problem), end; !problem && at != end; at.increment(problem)) {
        unsigned run = 0;
        if (llvm::sys::path::filename(at->path()).getAsInteger(10, run) || run <= result) continue;
        if (llvm::sys::fs::exists(at->path() + "/journal")) result = run;
    }
    return result;
}

void Journal::forget(unsigned run) const {
    // The journal goes first: without it the folder means nothing.
    llvm::sys::fs::remove(folder(run) + "/journal");
    sync_folder(folder(run));
    llvm::sys::fs::remove_directories(folder(run));
}

Undone Journal::take_back(unsigned run) const {
    Undone result;
    result.found = true;
    std::string text;
    if (!read_file(folder(run) + "/journal", text)) {
        result.problems.push_back("cannot read " + folder(run) + "/journal");
        return result;
    }
    auto parsed = llvm::json::parse(text);
    if (!parsed) {
        llvm::consumeError(parsed.takeError());
        result.problems.push_back(folder(run) + "/journal is damaged");
        return result;
    }
    const auto* files = parsed->getAsObject() == nullptr ? nullptr : parsed->getAsObject()->getArray("files");
    // Before anything is restored: one such name says that no run of this project wrote the journal.
    for (std::size_t at = 0; files != nullptr && at < files->size(); ++at) {
        const llvm::json::Object* file = (*files)[at].getAsObject();
        const std::string path = file == nullptr ? "" : decoded(file->getString("path").value_or("").str());
        llvm::SmallString<256> real;
        if (llvm::sys::fs::real_path(path, real) || lies_in(project_, real.str().str())) continue;
        result.problems.push_back(folder(run) + "/journal names '" + path +
                                  "', outside of the project, so nothing is restored; run from a folder that holds "
                                  "both, or remove the journal");
        return result;
    }
    for (std::size_t at = 0; files != nullptr && at < files->size(); ++at) {
        const llvm::json::Object* file = (*files)[at].getAsObject();
        if (file == nullptr) continue;
        const std::string path = decoded(file->getString("path").value_or("").str());
        std::string now;
        std::string before;
        if (!read_file(path, now)) {
            result.problems.push_back(path + " is gone");
            continue;
        }
        if (digest(now) == file->getString("before").value_or("").str()) continue;
        if (digest(now) != file->getString("after").value_or("").str()) {
            result.problems.push_back(path + " was changed since, and is left as it is");
            continue;
        }
        if (!read_file(folder(run) + "/" + std::to_string(at), before)) {
            result.problems.push_back("the old text of " + path + " is gone");
            continue;
        }
        if (digest(before) != file->getString("before").value_or("").str()) {
            result.problems.push_back("the old text of " + path + " is damaged");
            continue;
        }
        const std::string problem = replace_file(path, now, before);
        if (problem.empty())
            result.restored.push_back(path);
        else
            result.problems.push_back(problem);
    }
    return result;
}

Undone Journal::recover() {
    if (const std::string problem = distrust(); !problem.empty()) return {{}, {problem}, true};
    const unsigned run = newest();
    if (run == 0 || llvm::sys::fs::exists(folder(run) + "/done")) return {};
    Undone result = take_back(run);
    if (result.problems.empty()) forget(run);
    return result;
}

std::vector<std::string> Journal::write(const std::vector<Replacement>& files) {
    const unsigned last = newest();
    const unsigned run = last + 1;
    llvm::sys::fs::remove_directories(folder(run));
    if (const std::error_code problem =
            llvm::sys::fs::create_directories(folder(run), true, llvm::sys::fs::owner_all)) {
        return {"cannot create " + folder(run) + ": " + problem.message()};
    }
    llvm::json::Array listed;
    for (std::size_t at = 0; at < files.size(); ++at) {
        const std::string problem =
            write_file(folder(run) + "/" + std::to_string(at), files[at].before, for_the_user_alone);
        if (!problem.empty()) return {problem};
        listed.push_back(llvm::json::Object{{"path", encoded(files[at].path)},
                                            {"before", digest(files[at].before)},
                                            {"after", digest(files[at].after)}});
    }
    std::string text;
    llvm::raw_string_ostream stream(text);
    stream << llvm::formatv("{0:2}\n",
                            llvm::json::Value(llvm::json::Object{{"version", 1}, {"files", std::move(listed)}}));
    sync_folder(root_);
    const std::string journaled = write_file(folder(run) + "/journal", text, for_the_user_alone);
    if (!journaled.empty()) return {journaled};
    for (const Replacement& each : files) {
        const std::string problem = replace_file(each.path, each.before, each.after);
        if (problem.empty()) continue;
        Undone back = take_back(run);
        back.problems.insert(back.problems.begin(), problem);
        forget(run);
        return back.problems;
    }
    const std::string done = write_file(folder(run) + "/done", "");
    if (!done.empty()) return {done};
    for (unsigned older = last; older > 0 && llvm::sys::fs::exists(folder(older)); --older) forget(older);
    return {};
}

Undone Journal::undo() {
    if (const std::string problem = distrust(); !problem.empty()) return {{}, {problem}, true};
    const unsigned run = newest();
    if (run == 0) return {};
    Undone result = take_back(run);
    if (result.problems.empty()) forget(run);
    return result;
}

}  // namespace migrate
