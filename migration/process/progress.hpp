// SPDX-License-Identifier: Apache-2.0
// One line on a terminal that says how far a long run is.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace migrate {

// Shows nothing where stderr is no terminal, or before the run has taken half a second. Erases itself.
class Progress {
  public:
    Progress(std::string what, std::size_t total, bool quiet);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void step(const std::string& name);

  private:
    std::string what_;
    std::size_t total_;
    std::size_t done_ = 0;
    bool shown_ = false;
    bool active_;
    std::chrono::steady_clock::time_point began_;
};

}  // namespace migrate
