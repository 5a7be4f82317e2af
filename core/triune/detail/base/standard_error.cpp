// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/standard_error.hpp>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <ctime>

namespace triune::standard_error {
namespace {

constexpr int wait_milliseconds = 1000;  // of a descriptor that does not block, for its reader

// While it lives a pipe that nobody reads is an error of this thread's write and not the end of the process.
class WithoutBrokenPipes {
  public:
    WithoutBrokenPipes() noexcept {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    WithoutBrokenPipes(const WithoutBrokenPipes&) = delete;
    WithoutBrokenPipes& operator=(const WithoutBrokenPipes&) = delete;
    ~WithoutBrokenPipes() {
        const timespec at_once{0, 0};
        if (!was_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

  private:
    sigset_t pipe_;
    sigset_t before_;
    bool was_pending_ = false;
};

bool may_go_on(int error) noexcept {
    if (error == EINTR) return true;
    if (error != EAGAIN) return false;
    pollfd writable{STDERR_FILENO, POLLOUT, 0};
    return poll(&writable, 1, wait_milliseconds) > 0;
}

}  // namespace

bool is_open() noexcept { return fcntl(STDERR_FILENO, F_GETFD) >= 0; }

void write(std::string_view text) noexcept {
    const int error_before = errno;
    const WithoutBrokenPipes guard;
    while (!text.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
        if (written < 0 && !may_go_on(errno)) break;
    }
    errno = error_before;
}

}  // namespace triune::standard_error
