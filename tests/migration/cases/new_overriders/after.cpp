#include <triune/triune.hpp>
#include "utils/gpu_memory.hpp"

#include <cstdio>

// Beside what the base declares, not in its place; as one class the second would override the first.
struct sink {
    virtual ~sink() = default;
    virtual int take(const utils::DeviceBuffer<float>&) { return 1; }
};
struct counting : sink {
    int take(const utils::ManagedDeviceBuffer<float>&) { return 2; }
};

// This one overrides, and goes on to do so.
struct source {
    virtual ~source() = default;
    virtual int give(const triune::Buffer<int>&) { return 1; }
};
struct reading : source {
    int give(const triune::Buffer<int>&) override { return 2; }
};

int main() {
    counting counted;
    sink& any = counted;
    auto buffer = utils::DeviceBuffer<float>::zeroed(2);
    auto managed = utils::create_managed_buffer<float>(2, "managed");
    std::printf("%d %d\n", any.take(buffer), counted.take(managed));
    reading read;
    source& given = read;
    auto numbers = triune::Buffer<int>::zeroed(2);
    std::printf("%d\n", given.give(numbers));
}
