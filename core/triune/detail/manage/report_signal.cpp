// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/report_signal.hpp>

#include <pthread.h>
#include <semaphore.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <thread>

namespace triune::report_signal {
namespace {

// A semaphore, not a pipe: a program that closes all descriptors keeps it, and a forked child has one of its own, for
// which nobody waits. Never destroyed.
struct Asked {
    sem_t count;
};
constinit std::atomic<Asked*> asked{nullptr};
static_assert(std::atomic<Asked*>::is_always_lock_free);

// Nothing but what a handler may do.
void on_signal(int) noexcept {
    const int error = errno;
    sem_post(&asked.load(std::memory_order_acquire)->count);
    errno = error;
}

std::string name_of(int signal) { return signal == SIGUSR1 ? "SIGUSR1" : "SIGUSR2"; }

// The thread that it starts inherits that no signal is for it.
void start_thread(void (*report)() noexcept) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        std::thread([report] {
            pthread_setname_np(pthread_self(), "triune-report");
            for (Asked* const mine = asked.load(std::memory_order_acquire);;) {
                if (sem_wait(&mine->count) == 0) report();
            }
        }).detach();
    } catch (...) {
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

int parse(std::string_view text) {
    std::string word;
    for (const char letter : text)
        word += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    if (word == "USR1" || word == "SIGUSR1") return SIGUSR1;
    return word == "USR2" || word == "SIGUSR2" ? SIGUSR2 : 0;
}

std::string listen(int signal, void (*report)() noexcept) {
    struct sigaction there {};
    if (sigaction(signal, nullptr, &there) != 0) return std::strerror(errno);
    const bool free = (there.sa_flags & SA_SIGINFO) == 0 && there.sa_handler == SIG_DFL;
    if (!free) return "the program handles " + name_of(signal) + " itself, or ignores it; that stays";

    auto* const made = new Asked;
    sem_init(&made->count, 0, 0);
    asked.store(made, std::memory_order_release);
    try {
        start_thread(report);
    } catch (const std::system_error& failure) {
        return std::string("no thread for the reports: ") + failure.what();
    }
    struct sigaction ours {};
    ours.sa_handler = on_signal;
    ours.sa_flags = SA_RESTART | SA_ONSTACK;  // the program's calls go on, on whatever stack it gave signals
    sigemptyset(&ours.sa_mask);
    return sigaction(signal, &ours, nullptr) == 0 ? std::string() : std::strerror(errno);
}

}  // namespace triune::report_signal
