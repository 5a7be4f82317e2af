// SPDX-License-Identifier: Apache-2.0
#include "apply/write.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>

namespace migrate {
namespace {

std::string failure(const std::string& what, const std::string& path) {
    return "cannot " + what + " " + path + ": " + std::strerror(errno);
}

bool write_all(int file, const std::string& text) {
    for (std::size_t written = 0; written < text.size();) {
        const ssize_t count = ::write(file, text.data() + written, text.size() - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        written += static_cast<std::size_t>(count);
    }
    return true;
}

// Into a temporary file beside `path`, onto the disk, then over it.
std::string put(const std::string& path, const std::string& text, const struct stat* like, unsigned mode) {
    std::string temporary = path + ".migrate-XXXXXX";
    const int file = ::mkstemp(temporary.data());
    if (file < 0) return failure("create", temporary);
    // The owner can be given by root alone; for others the file was theirs anyway.
    if (like != nullptr) static_cast<void>(::fchown(file, like->st_uid, like->st_gid) == 0);
    const bool written = ::fchmod(file, like != nullptr ? like->st_mode & 07777 : mode) == 0 && write_all(file, text) &&
                         ::fsync(file) == 0;
    std::string problem = written ? std::string() : failure("write", temporary);
    if (::close(file) != 0 && problem.empty()) problem = failure("write", temporary);
    if (problem.empty() && std::rename(temporary.c_str(), path.c_str()) != 0) problem = failure("replace", path);
    if (!problem.empty()) {
        ::unlink(temporary.c_str());
        return problem;
    }
    const auto slash = path.rfind('/');
    sync_folder(slash == std::string::npos ? "." : path.substr(0, slash));
    return {};
}

}  // namespace

void sync_folder(const std::string& folder) {
    const int directory = ::open(folder.empty() ? "/" : folder.c_str(), O_RDONLY | O_DIRECTORY);
    if (directory < 0) return;
    ::fsync(directory);
    ::close(directory);
}

bool read_file(const std::string& path, std::string& text) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return false;
    text.assign(std::istreambuf_iterator<char>(stream), {});
    return !stream.bad();
}

std::string replace_file(const std::string& path, const std::string& expected, const std::string& text) {
    std::string held;
    struct stat state{};
    if (!read_file(path, held) || ::stat(path.c_str(), &state) != 0) return failure("read", path);
    if (held != expected) return path + " changed meanwhile; nothing was written to it";
    return put(path, text, &state, 0);
}

std::string write_file(const std::string& path, const std::string& text, unsigned mode) {
    return put(path, text, nullptr, mode);
}

}  // namespace migrate
