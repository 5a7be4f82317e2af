#include "write.hpp"

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

}  // namespace

std::string write_file(const std::string& path, const std::string& expected, const std::string& text) {
    std::ifstream current(path, std::ios::binary);
    const std::string held{std::istreambuf_iterator<char>(current), {}};
    if (held != expected) return path + " changed while it was being migrated; nothing was written to it";
    struct stat state{};
    if (::stat(path.c_str(), &state) != 0) return failure("read", path);
    std::string temporary = path + ".migrate-XXXXXX";
    const int file = ::mkstemp(temporary.data());
    if (file < 0) return failure("create", temporary);
    const bool written = ::fchmod(file, state.st_mode & 07777) == 0 && write_all(file, text) && ::fsync(file) == 0;
    std::string problem = written ? std::string() : failure("write", temporary);
    if (::close(file) != 0 && problem.empty()) problem = failure("write", temporary);
    if (problem.empty() && std::rename(temporary.c_str(), path.c_str()) != 0) problem = failure("replace", path);
    if (!problem.empty()) {
        ::unlink(temporary.c_str());
        return problem;
    }
    // The rename itself lasts only once the folder is on disk.
    const std::string folder = path.substr(0, path.rfind('/'));
    if (const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY); directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
    return {};
}

}  // namespace migrate
