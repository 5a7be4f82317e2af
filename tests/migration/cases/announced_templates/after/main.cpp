#include "engine.hpp"

#include <triune/triune.hpp>

#include <cstdio>

int main() {
    const auto buffer = triune::default_manager().make_buffer_from("values", std::vector<float>{1, 2, 3});
    std::printf("%g\n", total(buffer));
}
