// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/held_locks.hpp>

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace triune {

constinit thread_local int HeldLocks::count_ = 0;
constinit thread_local HeldLocks::Tell HeldLocks::telling_ = nullptr;

void HeldLocks::tell() noexcept { std::exchange(telling_, nullptr)(); }

void HeldLocks::end_program(const char* call) noexcept {
    std::fprintf(stderr, "triune: %s, which may wait, is called under a lock of the library\n", call);
    std::abort();
}

}  // namespace triune
