#include <triune/triune.hpp>

#include <cstdio>
#include <utility>

// Aliases of the legacy namespace, and of each other, inside the program's own namespaces.
namespace app::parts {
namespace deep {
}
}  // namespace app::parts
namespace app {
namespace p = parts;
}

#define FIELD(type, name) type name
struct Numbers {
    FIELD(triune::Buffer<int>, all);
    FIELD(triune::StreamSet, streams);
};

int main() {
    auto made = triune::default_manager().make_buffer<int>("made", 2);
    triune::Buffer<int> plain = triune::Buffer<int>::zeroed(5);
    Numbers numbers;
    numbers.all = std::move(plain);
    numbers.streams.synchronize();
    std::printf("%zu %zu\n", made.size_bytes(), numbers.all.size());
}
