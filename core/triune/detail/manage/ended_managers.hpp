// SPDX-License-Identifier: Apache-2.0
// The last figures of managers that are gone, for a report at the end of the process.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <triune/track/statistics.hpp>

namespace triune {

class ManagerCore;

// Of one manager, when its last buffer had gone.
struct EndedManager {
    std::uint32_t number = 0;
    std::string device;
    std::size_t limit_bytes = 0;
    MemoryFigures figures;
    PoolFigures pool;
};

// Thread-safe. Nothing is kept before it is asked for.
class EndedManagers {
  public:
    // A program may make a manager a frame: those with the highest peaks are kept, and the others counted.
    static constexpr std::size_t max_kept = 32;

    static void keep_from_now_on() noexcept { kept_.store(true, std::memory_order_relaxed); }
    static bool are_kept() noexcept { return kept_.load(std::memory_order_relaxed); }
    // By the core that goes. Where there is no memory for it, it is left out.
    static void keep(const ManagerCore& core, const std::string& device) noexcept;

    std::vector<EndedManager> kept;  // in the order of their numbers
    std::size_t others = 0;          // whose peaks were no higher than those of all that are kept

    void add(EndedManager ended);
    // As of now. Throws std::bad_alloc.
    static EndedManagers all();

  private:
    static constinit std::atomic<bool> kept_;
};

}  // namespace triune
