#include <cstdio>
#include <utility>

#include <triune/triune.hpp>

class Layout : public triune::GraphArrays {
  public:
    using GraphArrays::GraphArrays;
    using triune::GraphArrays::resize;
    void finish() { triune::GraphArrays::wait_for_downloads(); }
};

class Nested : public Layout {
  public:
    using Layout::Layout;
    triune::NodeVectors now() { return Layout::latest_positions().to_vectors(); }
};

std::pair<float*, std::size_t> front(Nested& layout) {
    layout.resize(4, 4);
    auto finish = [&layout] { layout.wait_for_downloads(); };
    finish();
    return {layout.pos_in_x.data(), std::get<0>(layout.now()).size()};
}

int main() {
    Nested layout(2, 1);
    const auto [x, count] = front(layout);
    std::printf("%d %zu %zu\n", x != nullptr, count, layout.num_nodes);
}
