// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_host_call.hpp>

namespace triune::sim {

namespace {
thread_local bool inside = false;
}

bool in_host_call() noexcept { return inside; }

void host_call(Device::HostFunction function, void* argument) {
    inside = true;
    function(argument);
    inside = false;
}

}  // namespace triune::sim
