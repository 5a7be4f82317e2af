#include "quiet.hpp"

#include <cstdio>
#include <triune/triune.hpp>

int main() { std::printf("%zu\n", length(triune::Buffer<int>::zeroed(3))); }
