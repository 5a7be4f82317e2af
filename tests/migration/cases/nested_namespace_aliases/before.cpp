#include "utils/gpu_memory.hpp"

#include <cstdio>
#include <utility>

// Aliases of the legacy namespace, and of each other, inside the program's own namespaces.
namespace app::parts {
namespace u = ::utils;
namespace deep {
namespace v = u;
}
}  // namespace app::parts
namespace app {
namespace p = parts;
}

#define FIELD(type, name) type name
struct Numbers {
    FIELD(app::p::u::DeviceBuffer<int>, all);
    FIELD(utils::MultiStreamManager, streams);
};

int main() {
    auto made = app::parts::deep::v::create_managed_buffer<int>(2, "made");
    namespace local = app::p::deep::v;
    local::DeviceBuffer<int> plain = local::DeviceBuffer<int>::zeroed(5);
    Numbers numbers;
    numbers.all = std::move(plain);
    numbers.streams.synchronize_all();
    std::printf("%zu %zu\n", made.size_bytes(), numbers.all.len());
}
