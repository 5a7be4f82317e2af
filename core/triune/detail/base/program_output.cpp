// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/program_output.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <utility>

#include <triune/detail/base/held_locks.hpp>

namespace triune {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }

    int number() const noexcept { return number_; }
    void close() noexcept {
        if (number_ >= 0) ::close(std::exchange(number_, -1));
    }

  private:
    int number_;
};

// Its streams, and signals as a program from a shell has them.
class Surroundings {
  public:
    explicit Surroundings(int output) noexcept {
        sigset_t none;
        sigset_t pipe_alone;
        sigemptyset(&none);
        sigemptyset(&pipe_alone);
        sigaddset(&pipe_alone, SIGPIPE);
        posix_spawnattr_init(&attributes_);
        posix_spawn_file_actions_init(&files_);
        ready_ = posix_spawnattr_setsigmask(&attributes_, &none) == 0 &&
                 posix_spawnattr_setsigdefault(&attributes_, &pipe_alone) == 0 &&
                 posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0 &&
                 posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
                 posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO) == 0 &&
                 posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0;
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;
    ~Surroundings() {
        posix_spawn_file_actions_destroy(&files_);
        posix_spawnattr_destroy(&attributes_);
    }

    // Of the started program; -1 where it cannot be started.
    pid_t start(char* const* arguments) const noexcept {
        pid_t started = -1;
        if (!ready_ || posix_spawnp(&started, arguments[0], &files_, &attributes_, arguments, environ) != 0) return -1;
        return started;
    }

  private:
    posix_spawnattr_t attributes_;
    posix_spawn_file_actions_t files_;
    bool ready_ = false;
};

std::string all_of(int descriptor) {
    std::string text;
    std::array<char, 4096> part{};
    for (;;) {
        const ssize_t bytes = read(descriptor, part.data(), part.size());
        if (bytes > 0) {
            text.append(part.data(), static_cast<std::size_t>(bytes));
        } else if (bytes == 0 || errno != EINTR) {
            return text;
        }
    }
}

// True also where the application has waited for the program itself, as one that waits for all its children does.
bool ended_well(pid_t program) noexcept {
    int status = 0;
    pid_t waited = 0;
    do {
        waited = waitpid(program, &status, 0);
    } while (waited < 0 && errno == EINTR);
    return waited < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace

std::string program_output(const std::vector<std::string>& command) {
    HeldLocks::expect_none("program_output");
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return {};
    const Descriptor from(ends[0]);
    Descriptor to(ends[1]);
    const pid_t program = Surroundings(to.number()).start(arguments.data());
    if (program < 0) return {};
    to.close();
    std::string text;
    try {
        text = all_of(from.number());
    } catch (...) {
        static_cast<void>(ended_well(program));
        throw;
    }
    return ended_well(program) ? text : std::string();
}

}  // namespace triune
