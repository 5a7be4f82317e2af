#include <triune/triune.hpp>

#include <cstdio>

namespace layout {

std::size_t bytes(const std::vector<int>& values) {
    return triune::default_manager().make_buffer<int>("fixed", 3).size_bytes() +
           triune::default_manager().make_buffer_from("given", values).size_bytes();
}

}  // namespace layout

int main() { std::printf("%zu\n", layout::bytes({1, 2})); }
