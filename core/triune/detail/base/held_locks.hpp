// SPDX-License-Identifier: Apache-2.0
// Which locks of the library the calling thread holds.
#pragma once

namespace triune {

// Note [Nothing waits under a lock]
// A thread that holds a lock of the library makes no call that may wait for the device, runs no log sink, no hook and no
// code of a user's. Else a host function that waits for another thread, or a sink that asks for figures, would never
// return. So what to wait for and what to tell is decided under the lock; both happen after it. Lines for the log wait
// for the lock by themselves: see log.cpp. Builds with TRIUNE_CHECK_LOCKS (those of the sanitizers and Debug) end the
// program where a call that may wait is made under a lock.
class HeldLocks {
  public:
    static void enter() noexcept { ++count_; }
    // Tells what had to wait, once the last one is released.
    static void leave() noexcept {
        if (--count_ == 0 && telling_ != nullptr) tell();
    }
    static bool any() noexcept { return count_ != 0; }

    // `tell` is called once, when the thread has released its last lock.
    using Tell = void (*)() noexcept;
    static void tell_later(Tell what) noexcept { telling_ = what; }

    // In a checking build, ends the program with a message that names `call`.
    static void expect_none(const char* call) noexcept {
#ifdef TRIUNE_CHECK_LOCKS
        if (count_ != 0) end_program(call);
#else
        static_cast<void>(call);
#endif
    }

  private:
    static void tell() noexcept;
    [[noreturn]] static void end_program(const char* call) noexcept;

    static constinit thread_local int count_;
    static constinit thread_local Tell telling_;
};

// For locks that are taken so often that even a count would show: counted in checking builds alone. Nothing is told
// under them.
class HeldBriefly {
  public:
    static void enter() noexcept {
#ifdef TRIUNE_CHECK_LOCKS
        HeldLocks::enter();
#endif
    }
    static void leave() noexcept {
#ifdef TRIUNE_CHECK_LOCKS
        HeldLocks::leave();
#endif
    }
};

}  // namespace triune
