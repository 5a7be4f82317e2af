// SPDX-License-Identifier: Apache-2.0
// What places in the program can reach by calls, as far as the units that were read tell.
#pragma once

#include <functional>

#include "facts/facts.hpp"

namespace migrate {

// What a node of the call graph has, a bit each; who asks gives the bits their meaning.
using Marks = unsigned;

class CallGraph {
  public:
    // Calls of what was not read, or through a function object: these may reach the whole program.
    static constexpr Marks unknown = 1U << 31U;

    // `calls` must outlive it. Each member takes time in proportion to the calls, and `reached` none.
    explicit CallGraph(const std::map<std::string, CallNode>& calls);

    // Settles what every node reaches from what each has of its own.
    void gather(const std::function<Marks(const CallNode&)>& own);
    // What `start`, a key of the calls, reaches by the last gather().
    Marks reached(const std::string& start) const;
    // All nodes that any of the starts reaches.
    std::vector<const CallNode*> nodes_from(const std::vector<std::string>& starts) const;

  private:
    static constexpr std::size_t none = ~std::size_t{0};

    std::size_t index_of(const std::string& name) const;
    void find_cycles();

    std::map<std::string_view, std::size_t> names_;
    std::vector<const CallNode*> nodes_;
    std::vector<std::vector<std::size_t>> callees_;
    std::vector<bool> lost_;             // whether one of the callees was not read
    std::vector<std::size_t> cycle_of_;  // nodes that call each other in turn reach the same
    std::vector<std::size_t> order_;     // callees before their callers
    std::vector<Marks> reached_;         // by cycle
    Marks everything_ = 0;
};

}  // namespace migrate
