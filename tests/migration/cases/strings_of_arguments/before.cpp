#include "utils/gpu_memory.hpp"

#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

// What a macro says of its argument as data stays what it was.
#define SHOW(expression) std::printf("%s = %zu\n", #expression, static_cast<std::size_t>(expression))
#define ENTRY(method) \
    table[#method] = [](const utils::DeviceBuffer<int>& b) { return static_cast<std::size_t>(b.method()); }
// What it says where something failed is a message.
#define CHECK(condition)                                   \
    do {                                                   \
        if (!(condition)) {                                \
            std::fprintf(stderr, "%s failed\n", #condition); \
            std::abort();                                  \
        }                                                  \
    } while (0)
#define REQUIRE(condition) ((condition) ? (void)0 : (std::puts("no: " #condition), std::abort()))
#define EXPECT_IMPL(condition, text) expect(condition, text, __LINE__)
#define EXPECT(condition) EXPECT_IMPL(condition, #condition)

std::map<std::string, std::size_t (*)(const utils::DeviceBuffer<int>&)> table;

void expect(bool holds, const char* text, int line) {
    if (!holds) std::printf("%d: %s\n", line, text);
}

int main() {
    auto shown = utils::create_managed_buffer<float>(3, "shown");
    SHOW(shown.as_device_buffer().len());
    ENTRY(len);
    ENTRY(is_empty);
    auto asked = utils::DeviceBuffer<int>::zeroed(4);
    std::printf("%zu %zu\n", table.at("len")(asked), table.at("is_empty")(asked));

    auto checked = utils::create_managed_buffer<char>(3, "checked");
    CHECK(checked.as_device_buffer().len() == 3);
    REQUIRE(!checked.as_device_buffer().is_empty());
    EXPECT(checked.as_device_buffer().len() == 3);
    assert(checked.as_device_buffer().len() == 3);
}
