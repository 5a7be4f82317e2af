// SPDX-License-Identifier: Apache-2.0
#include "process/worker_pool.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

namespace migrate {
namespace {

using Clock = std::chrono::steady_clock;

struct Child {
    std::size_t job;
    pid_t process;
    int pipe;
    Clock::time_point deadline;
    std::string received;
};

bool send(int pipe, const void* data, std::size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t count = ::write(pipe, at, size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        at += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

// The length goes first, so that the answer of a child that died half-way is known to be incomplete.
[[noreturn]] void work(int pipe, const std::function<std::string(std::size_t)>& job, std::size_t at) {
    // Another's core dump is of no use to the user, and would be one a crashing unit.
    for (const int each : {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE}) std::signal(each, SIG_DFL);
    const std::string answer = job(at);
    const std::uint64_t size = answer.size();
    const bool sent = send(pipe, &size, sizeof(size)) && send(pipe, answer.data(), answer.size());
    ::_exit(sent ? 0 : 1);
}

// Where no process can be had, the job runs here: slower and unprotected, but done.
bool start(std::vector<Child>& running, std::size_t at, std::chrono::milliseconds limit,
           const std::function<std::string(std::size_t)>& job) {
    int ends[2];
    if (::pipe(ends) != 0) return false;
    std::fflush(nullptr);
    const pid_t process = ::fork();
    if (process < 0) {
        ::close(ends[0]);
        ::close(ends[1]);
        return false;
    }
    if (process == 0) {
        ::close(ends[0]);
        for (const Child& each : running) ::close(each.pipe);
        work(ends[1], job, at);
    }
    ::close(ends[1]);
    running.push_back({at, process, ends[0], Clock::now() + limit, {}});
    return true;
}

int reap(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

JobEnd end_of(Child& ended, bool timed_out) {
    ::close(ended.pipe);
    if (timed_out) ::kill(ended.process, SIGKILL);
    const int status = reap(ended.process);
    JobEnd result;
    std::uint64_t size = 0;
    if (ended.received.size() >= sizeof(size)) std::memcpy(&size, ended.received.data(), sizeof(size));
    const bool whole = ended.received.size() >= sizeof(size) && ended.received.size() == sizeof(size) + size;
    if (timed_out) {
        result.ended = JobEnd::How::timed_out;
    } else if (!whole || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        result.ended = JobEnd::How::crashed;
        if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
    } else {
        result.answer = ended.received.substr(sizeof(size));
    }
    return result;
}

}  // namespace

void run_jobs(std::size_t count, unsigned workers, std::chrono::milliseconds limit,
              const std::function<std::string(std::size_t)>& job,
              const std::function<void(std::size_t, JobEnd)>& finished) {
    std::vector<Child> running;
    std::vector<pollfd> waiting;
    std::vector<char> buffer(1 << 18);
    for (std::size_t next = 0; next < count || !running.empty();) {
        while (next < count && running.size() < std::max(1U, workers)) {
            if (!start(running, next, limit, job)) {
                if (!running.empty()) break;
                finished(next, {JobEnd::How::answered, 0, job(next)});
            }
            ++next;
        }
        if (running.empty()) continue;
        waiting.clear();
        Clock::time_point soonest = running.front().deadline;
        for (const Child& each : running) {
            waiting.push_back({each.pipe, POLLIN, 0});
            soonest = std::min(soonest, each.deadline);
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(soonest - Clock::now()).count() + 1;
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(std::clamp<long long>(left, 0, 60'000))) < 0 &&
            errno != EINTR)
            return;
        for (std::size_t at = running.size(); at-- > 0;) {
            Child& each = running[at];
            bool ended = false;
            bool late = false;
            if ((waiting[at].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
                const ssize_t got = ::read(each.pipe, buffer.data(), buffer.size());
                if (got > 0) each.received.append(buffer.data(), static_cast<std::size_t>(got));
                ended = got == 0 || (got < 0 && errno != EINTR);
            } else {
                late = Clock::now() >= each.deadline;
            }
            if (!ended && !late) continue;
            Child gone = std::move(each);
            running.erase(running.begin() + static_cast<std::ptrdiff_t>(at));
            finished(gone.job, end_of(gone, late));
        }
    }
}

}  // namespace migrate
