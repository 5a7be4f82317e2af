// SPDX-License-Identifier: Apache-2.0
// A log sink that calls back, for tests of what a sink may do.
#pragma once

#include <functional>
#include <string>

#include <triune/base/log.hpp>

namespace triune {

// While it lives every line of the log calls `hear` with its text; lines that come of that do not.
class Listening {
  public:
    explicit Listening(std::function<void(const std::string& line)> hear, log::Level level = log::Level::debug);
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening();
};

}  // namespace triune
