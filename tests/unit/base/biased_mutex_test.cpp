// SPDX-License-Identifier: Apache-2.0
// One thread that takes a mutex all the time, and others.
#include <boost/test/unit_test.hpp>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include <triune/detail/base/biased_mutex.hpp>

using namespace triune;

namespace {

// How often somebody came in while another was inside. What the owner stores may reach other processors late: without
// the barrier a revoker sees the owner's last visit come while it is inside itself. That takes many tries, and a line
// of the cache that both want all the time.
long long meetings(BiasedMutex& mutex, int rounds) {
    alignas(64) std::atomic<long long> visits{0};
    std::atomic<bool> done{false};
    long long met = 0;
    std::thread revoker([&] {
        for (int round = 0; round < rounds; ++round) {
            long long seen = 0;
            {
                const RevokerLock lock(mutex);
                seen = visits.load(std::memory_order_relaxed);
                for (int i = 0; i < 20; ++i) met += visits.load(std::memory_order_relaxed) == seen ? 0 : 1;
            }
            for (int i = 1; visits.load(std::memory_order_relaxed) < seen + round % 64; ++i) {
                if (i % 10'000 == 0) std::this_thread::yield();  // on a lone processor
            }
        }
        done = true;
    });
    while (!done) {
        const OwnerLock lock(mutex);
        visits.store(visits.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    revoker.join();
    return met;
}

#ifndef __SANITIZE_THREAD__  // whose threads do not go on in a forked child

// From now on in this process, for good. `errno_value` is what the refused call gives. False where there is no such
// filter.
template <std::size_t count>
bool refuse_calls(const std::array<long, count>& numbers, int errno_value) {
    std::vector<sock_filter> program{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
    for (const long number : numbers) {
        program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<__u32>(number), 0, 1));
        program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<__u32>(errno_value)));
    }
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

constexpr int no_filter_here = 77;

// Runs in a child what would change this process for good; its exit status. A child that hangs is ended by a signal.
template <typename Body>
int in_child(Body&& body) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(200);
        ::_exit(body());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void must_be_0_where_there_are_filters(int status) {
    if (status == no_filter_here) {
        BOOST_TEST_MESSAGE("skipped: the system takes no filter for system calls");
        return;
    }
    BOOST_TEST(status == 0);
}
#endif

}  // namespace

BOOST_AUTO_TEST_SUITE(biased_mutex)

BOOST_AUTO_TEST_CASE(nobody_comes_in_while_another_is_inside) {
    BiasedMutex unbiased(false);
    BOOST_TEST(meetings(unbiased, 4'000) == 0);
    BiasedMutex biased;
    if (!biased.biased()) return;  // the system has no such barrier
    BOOST_TEST(meetings(biased, 4'000) == 0);
}

BOOST_AUTO_TEST_CASE(revokers_exclude_one_another_too) {
    constexpr int rounds = 2'000;
    BiasedMutex mutex;
    int visits = 0;  // not atomic: whoever is inside is alone
    std::vector<std::thread> revokers(3);
    for (std::thread& each : revokers) {
        each = std::thread([&] {
            for (int round = 0; round < rounds; ++round) {
                const RevokerLock lock(mutex);
                ++visits;
            }
        });
    }
    for (int round = 0; round < rounds; ++round) {
        const OwnerLock lock(mutex);
        ++visits;
    }
    for (std::thread& each : revokers) each.join();
    BOOST_TEST(visits == 4 * rounds);
}

BOOST_AUTO_TEST_CASE(the_owner_may_come_as_a_revoker) {
    BiasedMutex mutex;
    int visits = 0;
    for (int i = 0; i < 3; ++i) {
        {
            const RevokerLock lock(mutex);
            ++visits;
        }
        const OwnerLock lock(mutex);
        ++visits;
    }
    BOOST_TEST(visits == 6);
}

#ifndef __SANITIZE_THREAD__
BOOST_AUTO_TEST_CASE(a_child_that_is_refused_barriers_goes_on_without_bias) {
    for (const int refusal : {ENOSYS, EPERM}) {
        BiasedMutex mutex;
        must_be_0_where_there_are_filters(in_child([&] {
            if (!refuse_calls(std::array{long{SYS_membarrier}}, refusal)) return no_filter_here;
            for (int round = 0; round < 3; ++round) {
                const RevokerLock lock(mutex);
            }
            const OwnerLock lock(mutex);
            if (mutex.biased()) return 1;
            return BiasedMutex().biased() ? 2 : 0;  // new ones do not begin with what cannot be had
        }));
    }
}

// The first revoker meets owners that may be anywhere between their store and their look.
BOOST_AUTO_TEST_CASE(nobody_comes_in_while_the_bias_goes) {
    must_be_0_where_there_are_filters(in_child([] {
        std::vector<std::unique_ptr<BiasedMutex>> mutexes;
        for (int i = 0; i < 4; ++i) mutexes.push_back(std::make_unique<BiasedMutex>());
        if (!refuse_calls(std::array{long{SYS_membarrier}}, EPERM)) return no_filter_here;
        for (const auto& mutex : mutexes) {
            if (meetings(*mutex, 200) != 0) return 1;
        }
        return 0;
    }));
}

BOOST_AUTO_TEST_CASE(bias_goes_where_sleep_is_refused_too) {
    must_be_0_where_there_are_filters(in_child([] {
        BiasedMutex mutex;
        const std::array refused{long{SYS_membarrier}, long{SYS_nanosleep}, long{SYS_clock_nanosleep}};
        if (!refuse_calls(refused, EPERM)) return no_filter_here;
        return meetings(mutex, 200) == 0 ? 0 : 1;
    }));
}

BOOST_AUTO_TEST_CASE(a_thread_that_never_comes_back_is_not_waited_for) {
    must_be_0_where_there_are_filters(in_child([] {
        BiasedMutex mutex;
        std::thread([&] { const OwnerLock lock(mutex); }).join();
        if (!refuse_calls(std::array{long{SYS_membarrier}}, EPERM)) return no_filter_here;
        const RevokerLock lock(mutex);
        return 0;
    }));
}
#endif

BOOST_AUTO_TEST_SUITE_END()
