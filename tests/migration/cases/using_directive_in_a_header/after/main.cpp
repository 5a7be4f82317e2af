#include "common.hpp"

#include <cstdio>
#include <triune/triune.hpp>

#include "own.hpp"

int main() {
    auto buffer = triune::default_manager().make_buffer<float>("eight", 8);
    std::printf("%zu %d\n", buffer.size(), twice(4));
}
