// SPDX-License-Identifier: Apache-2.0
// The program's own operator new, which counts, refuses and may be made to wait.
#pragma once

#include <atomic>
#include <cstddef>

namespace triune {

struct ReplacedNew {
    static inline std::atomic<bool> counting{false};
    static inline std::atomic<std::size_t> allocations{0};    // while it counts
    static inline std::atomic<std::size_t> refused_bytes{0};  // what is asked for of just this size is not to be had
    // Called by threads that ask for memory without an exception, before they get it.
    static inline std::atomic<void (*)() noexcept> before_nothrow{nullptr};
};

}  // namespace triune
