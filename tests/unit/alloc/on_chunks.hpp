// SPDX-License-Identifier: Apache-2.0
// A simulated device and its physical memory, which keeps nothing spare: what is given back shows in the ledger.
#pragma once

#include <triune/detail/alloc/device_memory/chunk_pool.hpp>

#include "../balanced_sim.hpp"

namespace triune {

struct OnChunks : BalancedSim {
    explicit OnChunks(sim::SimOptions options = small()) : BalancedSim(options) {}

    ChunkPool chunks{sim, 0};
};

}  // namespace triune
