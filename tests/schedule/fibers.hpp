// SPDX-License-Identifier: Apache-2.0
// Threads that run one at a time, each with thread-local variables of its own.
#pragma once

#include <ucontext.h>
#include <cstddef>
#include <memory>
#include <vector>

#include "memory.hpp"

namespace schedule {

// Number -1 is the program's own thread, which starts the others. Nothing here is thread-safe.
class Fibers {
  public:
    static constexpr int none = -1;

    Fibers();
    // They begin with this when they are first switched to; it never returns.
    void prepare(int count, void (*begin)());
    void switch_to(int number) noexcept;
    int current() const noexcept { return current_; }
    // Whether the program runs in a thread of these, and not the checker: then what it does counts.
    static bool program_runs() noexcept { return inside_ && !in_checker_; }
    static void enter_checker(bool on) noexcept { in_checker_ = on; }
    // On the stack or among the thread-local variables of the one that runs.
    bool is_own(const void* address) const noexcept;

  private:
    static constexpr std::size_t stack_bytes = std::size_t{128} * 1024;
    struct Fiber {
        ucontext_t context{};
        std::unique_ptr<std::byte[]> stack;
        std::vector<std::byte> variables;  // its thread-local ones, while it does not run
    };

    Fiber& of(int number) noexcept { return fibers_[static_cast<std::size_t>(number + 1)]; }

    std::vector<Fiber> fibers_{max_threads + 1};
    std::byte* variables_ = nullptr;  // of the thread that runs
    std::vector<std::byte> initial_;
    int current_ = none;
    static inline constinit bool inside_ = false;
    static inline constinit bool in_checker_ = false;
};

}  // namespace schedule
