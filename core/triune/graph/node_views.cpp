#include <triune/graph/node_views.hpp>

#include <future>
#include <system_error>
#include <utility>

namespace triune {

// Note [Threads of one call]
// What a vector costs is the kernel's first touch of its pages more than the copy, and nobody but its constructor may
// write to it; so the arrays are what can be shared out. The threads live as long as the call: starting two costs some
// 3% of it, and threads that stay would have to be told about exit and fork.
NodeVectors NodeViews::to_vectors() const {
    if (size() < nodes_worth_threads) return {x.to_vector(), y.to_vector(), z.to_vector()};
    try {
        auto of_x = std::async(std::launch::async, [this] { return x.to_vector(); });
        auto of_y = std::async(std::launch::async, [this] { return y.to_vector(); });
        std::vector<float> of_z = z.to_vector();
        return {of_x.get(), of_y.get(), std::move(of_z)};
    } catch (const std::system_error&) {  // no thread to be had
        return {x.to_vector(), y.to_vector(), z.to_vector()};
    }
}

}  // namespace triune
