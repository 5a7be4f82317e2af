#include <cstdio>

#include <triune/triune.hpp>

// The reference is the template's own: what it refers to is a number elsewhere.
template <typename Value>
void set(Value& value, std::size_t count) {
    if constexpr (sizeof(Value) > sizeof(float)) {
        value.set_size_bytes(count);
    } else {
        value = static_cast<Value>(count);
    }
}

int main() {
    triune::GpuMemoryManager manager;
    auto buffer = manager.get_or_create("some", triune::BufferConfig::for_positions());
    buffer.reserve(100);
    int number = 0;
    set(buffer, 24);
    set(number, 3);
    std::printf("%zu %d\n", buffer.size_bytes(), number);
}
