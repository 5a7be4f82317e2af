// SPDX-License-Identifier: Apache-2.0
// Threads by small numbers.
#pragma once

#include <cstdint>

namespace triune {

namespace detail {

extern constinit thread_local std::uint32_t thread_number;
std::uint32_t new_thread_number() noexcept;

}  // namespace detail

// The calling thread's, from 1, given out at its first call. 2^31 threads are told apart.
inline std::uint32_t this_thread_number() noexcept {
    return detail::thread_number != 0 ? detail::thread_number : detail::new_thread_number();
}

// Whether the thread of that number did not come along when this process was forked. See Note [Forks].
bool thread_left_behind(std::uint32_t number) noexcept;

}  // namespace triune
