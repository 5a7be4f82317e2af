#include "quiet.hpp"

#include <cstdio>

int main() { std::printf("%zu\n", length(utils::DeviceBuffer<int>::zeroed(3))); }
