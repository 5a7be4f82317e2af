// SPDX-License-Identifier: Apache-2.0
// What a fork must not cut in two.
#pragma once

namespace triune {

// Note [Forks]
// A child of a fork has one thread. A lock that another thread held at that moment is held there for ever, and what it
// guards may be half changed. So whoever owns shared locks has a ForkGuard: before a fork all are taken, in the order of
// their ranks, and both sides release them afterwards. That takes no longer than a few calls do, because nothing waits
// under a lock of the library. A child may then ask for figures, free and allocate: what needs the device fails there
// with the device's own error, since CUDA does not serve a child of the process that began to use it.
//
// Locks that belong to one buffer are too many to be taken: a buffer that another thread was using at the fork refuses
// the child's calls, see CallMutex.
class ForkGuard {
  public:
    // Whoever may be held while another is taken has the lower rank.
    enum class Rank { device_table, thread_end, manager, central, chunks, registry, text, log };

    // Calls owner.lock_for_fork() before each fork and owner.unlock_after_fork() behind it, on both sides. The last
    // member of its owner, so that the locks are there for as long as it is.
    template <typename Owner>
    ForkGuard(Rank rank, Owner& owner) noexcept
        : ForkGuard(
              rank, &owner, [](void* of) noexcept { static_cast<Owner*>(of)->lock_for_fork(); },
              [](void* of) noexcept { static_cast<Owner*>(of)->unlock_after_fork(); }) {}
    ForkGuard(const ForkGuard&) = delete;
    ForkGuard& operator=(const ForkGuard&) = delete;
    ~ForkGuard();

    // Whether this process was forked from one that used the library.
    static bool in_child() noexcept;

  private:
    friend struct ForkGuards;
    using Call = void (*)(void* owner) noexcept;

    ForkGuard(Rank rank, void* owner, Call lock, Call unlock) noexcept;

    const Rank rank_;
    void* const owner_;
    const Call lock_;
    const Call unlock_;
    ForkGuard* previous_ = nullptr;
    ForkGuard* next_ = nullptr;
};

}  // namespace triune
