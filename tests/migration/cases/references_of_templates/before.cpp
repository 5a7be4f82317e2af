#include <cstdio>

#include "gpu/dynamic_buffer_manager.hpp"

// The reference is the template's own: what it refers to is a number elsewhere.
template <typename Value>
void set(Value& value, std::size_t count) {
    if constexpr (sizeof(Value) > sizeof(float)) {
        value.set_size(count);
    } else {
        value = static_cast<Value>(count);
    }
}

int main() {
    gpu::DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    auto& buffer = manager.get_or_create_buffer("some", gpu::BufferConfig::for_positions());
    buffer.ensure_capacity(100);
    int number = 0;
    set(buffer, 24);
    set(number, 3);
    std::printf("%zu %d\n", buffer.size_bytes(), number);
}
