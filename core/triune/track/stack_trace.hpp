// SPDX-License-Identifier: Apache-2.0
// Where the program stood when it made an allocation.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace triune {

// The innermost return addresses; a value.
class StackTrace {
  public:
    static constexpr std::size_t max_frames = 32;

    // Of the calling thread, without the innermost `skipped` functions.
    static StackTrace capture(std::size_t skipped = 0);

    // The innermost first: "triune::GpuMemoryManager::named(...) in app+0x1f2a", where the function's name is exported
    // (link with -rdynamic), else "app+0x1f2a", which addr2line -e app reads.
    std::vector<std::string> lines() const;

  private:
    StackTrace() = default;

    std::array<void*, max_frames> frames_{};
    std::size_t count_ = 0;
};

}  // namespace triune
