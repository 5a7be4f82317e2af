// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/fork_guard.hpp>

#include <pthread.h>

#include <atomic>
#include <mutex>

namespace triune {
namespace {

constinit std::atomic<bool> forked{false};

}  // namespace

// All that are alive, the lower ranks first. Never destroyed: some live as long as the process.
struct ForkGuards {
    std::mutex mutex;
    ForkGuard* first = nullptr;

    static ForkGuards& all() noexcept {
        static ForkGuards* const instance = [] {
            auto* const made = new ForkGuards;
            ::pthread_atfork([] { all().before(); }, [] { all().after(); },
                             [] {
                                 forked.store(true, std::memory_order_relaxed);
                                 all().after();
                             });
            return made;
        }();
        return *instance;
    }

    void enter(ForkGuard& guard) noexcept {
        const std::lock_guard lock(mutex);
        ForkGuard* before = nullptr;
        for (ForkGuard* each = first; each != nullptr && each->rank_ <= guard.rank_; each = each->next_) before = each;
        guard.previous_ = before;
        guard.next_ = before != nullptr ? before->next_ : first;
        (before != nullptr ? before->next_ : first) = &guard;
        if (guard.next_ != nullptr) guard.next_->previous_ = &guard;
    }
    void leave(ForkGuard& guard) noexcept {
        const std::lock_guard lock(mutex);
        (guard.previous_ != nullptr ? guard.previous_->next_ : first) = guard.next_;
        if (guard.next_ != nullptr) guard.next_->previous_ = guard.previous_;
    }
    void before() noexcept {
        mutex.lock();
        for (ForkGuard* each = first; each != nullptr; each = each->next_) each->lock_(each->owner_);
    }
    // In any order: nobody is there who could wait for two of them.
    void after() noexcept {
        for (ForkGuard* each = first; each != nullptr; each = each->next_) each->unlock_(each->owner_);
        mutex.unlock();
    }
};

ForkGuard::ForkGuard(Rank rank, void* owner, Call lock, Call unlock) noexcept
    : rank_(rank), owner_(owner), lock_(lock), unlock_(unlock) {
    ForkGuards::all().enter(*this);
}

ForkGuard::~ForkGuard() { ForkGuards::all().leave(*this); }

bool ForkGuard::in_child() noexcept { return forked.load(std::memory_order_relaxed); }

}  // namespace triune
