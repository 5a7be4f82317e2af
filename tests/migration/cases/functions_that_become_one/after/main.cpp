#include <triune/triune.hpp>

#include <cstdio>

int of_plain();
int of_managed();

// Its own everywhere.
static int weigh(const triune::Buffer<int>& buffer) { return static_cast<int>(buffer.size()); }

int main() {
    auto buffer = triune::Buffer<int>::zeroed(3);
    std::printf("%d %d %d\n", of_plain(), of_managed(), weigh(buffer));
}
