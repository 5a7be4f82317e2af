#include <cstdio>

#include "jobs.hpp"

int main() {
    start();
    std::printf("%d %d\n", tell(), wait());
}
