// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <memory>
#include <string>

#include <triune/detail/alloc/front/spin_lock.hpp>
#include <triune/detail/manage/call_mutex.hpp>
#include <triune/detail/track/accounting_lock.hpp>

#include "scenarios.hpp"

namespace schedule {
namespace {

template <typename Lock>
struct Guarded {
    Lock lock{};
    bool inside = false;
    int visits = 0;

    void visit() {
        require(!inside, "two are inside");
        inside = true;
        ++visits;
        inside = false;
    }
};

// The library's own counts of who waits are ordered by the system calls between them.
void keep_waiters_quiet([[maybe_unused]] const void* word) {
#ifdef __cpp_lib_atomic_wait
    const auto& pool = std::__detail::__waiter_pool_base::_S_for(word);
    keep_quiet(&pool, sizeof pool);
#endif
}

template <typename Lock, typename Visit>
Scenario each_visits(int threads, int rounds, Visit visit) {
    return [=] {
        const auto guarded = std::make_shared<Guarded<Lock>>();
        keep_waiters_quiet(&guarded->lock);
        Program program;
        for (int thread = 0; thread < threads; ++thread) {
            program.threads.push_back([=] {
                for (int round = 0; round < rounds; ++round) visit(*guarded);
            });
        }
        program.at_end = [=] { require(guarded->visits == threads * rounds, "a visit is lost"); };
        return program;
    };
}

const std::string name = "x";
constexpr auto its_name = []() -> const std::string& { return name; };

}  // namespace

Scenario threads_hold_a_spin_lock(int threads, int rounds) {
    return each_visits<std::atomic_flag>(threads, rounds, [](Guarded<std::atomic_flag>& guarded) {
        const triune::SpinLock lock(guarded.lock);
        guarded.visit();
    });
}

Scenario threads_hold_an_accounting_lock(int threads, int rounds) {
    return each_visits<triune::AccountingLock>(threads, rounds, [](Guarded<triune::AccountingLock>& guarded) {
        guarded.lock.lock();
        guarded.visit();
        guarded.lock.unlock();
    });
}

Scenario threads_hold_a_call_mutex(int threads, int rounds) {
    return each_visits<triune::CallLock>(threads, rounds, [](Guarded<triune::CallLock>& guarded) {
        guarded.lock.lock(its_name);
        require(guarded.lock.held_here(), "its holder does not know");
        guarded.visit();
        guarded.lock.unlock();
    });
}

Scenario one_tries_a_call_mutex() {
    return [] {
        const auto guarded = std::make_shared<Guarded<triune::CallLock>>();
        const auto had = std::make_shared<int>(0);
        keep_waiters_quiet(&guarded->lock);
        Program program;
        program.threads.push_back([=] {
            guarded->lock.lock(its_name);
            guarded->visit();
            guarded->lock.unlock();
        });
        program.threads.push_back([=] {
            require(!guarded->lock.held_here(), "another's is taken for its own");
            if (!guarded->lock.try_lock(its_name)) return;
            ++*had;
            guarded->visit();
            guarded->lock.unlock();
        });
        program.at_end = [=] { require(guarded->visits == 1 + *had, "a visit is lost"); };
        return program;
    };
}

}  // namespace schedule
