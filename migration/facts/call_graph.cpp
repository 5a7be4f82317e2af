// SPDX-License-Identifier: Apache-2.0
#include "facts/call_graph.hpp"

#include <algorithm>

namespace migrate {

CallGraph::CallGraph(const std::map<std::string, CallNode>& calls) {
    for (const auto& [name, node] : calls) {
        names_.emplace(name, nodes_.size());
        nodes_.push_back(&node);
    }
    callees_.resize(nodes_.size());
    lost_.resize(nodes_.size());
    for (std::size_t at = 0; at < nodes_.size(); ++at) {
        for (const std::string& each : nodes_[at]->callees) {
            const std::size_t callee = index_of(each);
            if (callee == none)
                lost_[at] = true;
            else
                callees_[at].push_back(callee);
        }
    }
    find_cycles();
}

std::size_t CallGraph::index_of(const std::string& name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? none : found->second;
}

// Tarjan's algorithm for strongly connected components, without recursion: chains of calls are long.
void CallGraph::find_cycles() {
    cycle_of_.assign(nodes_.size(), none);
    std::vector<std::size_t> number(nodes_.size(), none), lowest(nodes_.size()), next(nodes_.size(), 0);
    std::vector<std::size_t> entered, waiting;
    std::size_t numbers = 0, cycles = 0;
    for (std::size_t start = 0; start < nodes_.size(); ++start) {
        if (number[start] != none) continue;
        entered.push_back(start);
        while (!entered.empty()) {
            const std::size_t at = entered.back();
            if (number[at] == none) {
                number[at] = lowest[at] = numbers++;
                waiting.push_back(at);
            }
            if (next[at] < callees_[at].size()) {
                const std::size_t callee = callees_[at][next[at]++];
                if (number[callee] == none)
                    entered.push_back(callee);
                else if (cycle_of_[callee] == none)
                    lowest[at] = std::min(lowest[at], number[callee]);
                continue;
            }
            entered.pop_back();
            if (!entered.empty()) lowest[entered.back()] = std::min(lowest[entered.back()], lowest[at]);
            if (lowest[at] != number[at]) continue;
            std::size_t member = none;
            do {
                member = waiting.back();
                waiting.pop_back();
                cycle_of_[member] = cycles;
                order_.push_back(member);
            } while (member != at);
            ++cycles;
        }
    }
    reached_.assign(cycles, 0);
}

void CallGraph::gather(const std::function<Marks(const CallNode&)>& own) {
    std::ranges::fill(reached_, 0U);
    everything_ = 0;
    for (const std::size_t at : order_) {
        const Marks here = own(*nodes_[at]);
        everything_ |= here;
        Marks& all = reached_[cycle_of_[at]];
        all |= here;
        if (lost_[at] || nodes_[at]->calls_unknown) all |= unknown;
        for (const std::size_t each : callees_[at]) all |= reached_[cycle_of_[each]];
    }
}

Marks CallGraph::reached(const std::string& start) const {
    const std::size_t at = index_of(start);
    const Marks found = at == none ? unknown : reached_[cycle_of_[at]];
    return (found & unknown) != 0 ? found | everything_ : found;
}

std::vector<const CallNode*> CallGraph::nodes_from(const std::vector<std::string>& starts) const {
    std::vector<std::size_t> open;
    std::vector<bool> seen(nodes_.size());
    std::vector<const CallNode*> result;
    for (const std::string& each : starts) {
        if ((reached(each) & unknown) != 0) return nodes_;
        open.push_back(index_of(each));
    }
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        if (seen[at]) continue;
        seen[at] = true;
        result.push_back(nodes_[at]);
        open.insert(open.end(), callees_[at].begin(), callees_[at].end());
    }
    return result;
}

}  // namespace migrate
