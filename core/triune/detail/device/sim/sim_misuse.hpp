// SPDX-License-Identifier: Apache-2.0
// What was done to the simulated device that a GPU would punish with a crash or with silence.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace triune::sim {

// "0x7f0012345678", for sentences about addresses and handles.
std::string address_text(const void* address);

// Thread-safe. Each sentence is kept and written to the log as an error.
class SimMisuse {
  public:
    void add(const std::string& sentence) noexcept;
    std::vector<std::string> list() const;

  private:
    // A test that misuses in a loop must not eat the machine.
    static constexpr std::size_t most_ = 1000;

    mutable std::mutex mutex_;
    std::vector<std::string> sentences_;
};

}  // namespace triune::sim
