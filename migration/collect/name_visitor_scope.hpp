// SPDX-License-Identifier: Apache-2.0
// The guard that keeps name_visitor's frames balanced; for the visitor's own files.
#pragma once

#include "collect/name_visitor.hpp"

namespace migrate {

class name_visitor::scope {
  public:
    scope(name_visitor& visitor, frame entered) : visitor_(visitor) { visitor_.frames_.push_back(entered); }
    ~scope() { visitor_.frames_.pop_back(); }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

  private:
    name_visitor& visitor_;
};

}  // namespace migrate
