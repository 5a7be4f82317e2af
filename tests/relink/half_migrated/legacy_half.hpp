// SPDX-License-Identifier: Apache-2.0
// What the half of the program that is not migrated does, told in types that both halves know.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

class LegacyHalf {
  public:
    LegacyHalf();
    ~LegacyHalf();

    std::size_t bytes_by_name() const;
    std::size_t bytes_named(const std::string& name) const;
    std::vector<std::string> leaks() const;
    std::vector<std::string> buffer_names() const;  // of the legacy manager
    void* stream() const;
    float* array() const;  // 1, 2, 3, ... on the device
    std::size_t array_length() const;
    float graph_position(std::size_t node) const;
    // A call that fails; what a legacy handler around it caught.
    std::string catch_bad_copy() const;
    std::string catch_of(void (*migrated_call)()) const;

  private:
    struct Objects;
    std::unique_ptr<Objects> objects_;
};
