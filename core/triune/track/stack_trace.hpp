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

    // The innermost first, without the library's own functions at the front: "make_positions(int) at app.cpp:12" where
    // addr2line, of the binutils, is installed and knows it (compile with -g); "(inlined)" stands behind a function
    // that is a part of the next. Else as plain_lines(). Starts addr2line, once a module for addresses that are new,
    // and waits for it.
    std::vector<std::string> lines() const;
    // Without another program: "make_positions(int) in app+0x1f2a", where the function's name is exported (link with
    // -rdynamic), else "app+0x1f2a", which addr2line -e app reads.
    std::vector<std::string> plain_lines() const;

  private:
    StackTrace() = default;

    std::array<void*, max_frames> frames_{};
    std::size_t count_ = 0;
};

}  // namespace triune
