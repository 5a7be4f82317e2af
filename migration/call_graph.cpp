#include "call_graph.hpp"

namespace migrate {

reached reach(const facts& found, const std::string& start) {
    reached result;
    std::set<std::string> seen;
    std::vector<std::string> open = {start};
    const auto enter = [&](const call_node& node) {
        result.throwing.insert(node.throwing.begin(), node.throwing.end());
        result.downloads.insert(node.downloads.begin(), node.downloads.end());
        result.legacy = result.legacy || node.throws_legacy;
    };
    while (!open.empty()) {
        const std::string name = open.back();
        open.pop_back();
        if (!seen.insert(name).second) continue;
        const auto node = found.calls.find(name);
        if (node == found.calls.end()) {
            result.unknown = true;
            continue;
        }
        enter(node->second);
        result.unknown = result.unknown || node->second.calls_unknown;
        open.insert(open.end(), node->second.callees.begin(), node->second.callees.end());
    }
    if (result.unknown) {
        for (const auto& [name, node] : found.calls) enter(node);
    }
    return result;
}

}  // namespace migrate
