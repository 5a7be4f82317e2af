#include <triune/triune.hpp>

#include <cstdio>

// The program's own function has the name that the base's gets: unqualified, it would call itself.
class Layout : public triune::GraphArrays {
  public:
    using GraphArrays::GraphArrays;
    void resize(std::size_t nodes, std::size_t edges) {
        ++resizes;
        GraphArrays::resize(nodes, edges);
    }
    float latest_positions() { return std::get<0>(GraphArrays::latest_positions().to_vectors())[0]; }
    int resizes = 0;
};

class Streams : public triune::StreamSet {
  public:
    bool differ() const {
        const auto& compute = StreamSet::compute();
        return compute.handle() != memory().handle();
    }
};

void grow(Layout& layout) { layout.GraphArrays::resize(8, 8); }

int main() {
    Layout layout(2, 1);
    layout.resize(4, 4);
    grow(layout);
    std::printf("%d %zu %g %d\n", layout.resizes, layout.num_nodes, layout.latest_positions(), Streams().differ());
}
