// SPDX-License-Identifier: Apache-2.0
// Whether the host may touch an address, found out without dying of it.
#pragma once

#include <unistd.h>

namespace triune::sim {

// The kernel answers EFAULT where a load would fault.
inline bool readable(const void* address) {
    int ends[2];
    if (pipe(ends) != 0) return false;
    const bool able = write(ends[1], address, 1) == 1;
    close(ends[0]);
    close(ends[1]);
    return able;
}

}  // namespace triune::sim
