#include <cstdio>
#include <stdexcept>

#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"

// What the second handler does cannot be repeated in the first, so the untyped buffers stay; what threw the exception that
// the first one is for goes.
void grow(gpu::DynamicGpuBuffer& buffer, std::size_t elements) { buffer.ensure_capacity(elements); }

int guarded(std::size_t bytes, std::size_t elements) {
    gpu::DynamicBufferManager buffers(utils::get_global_cuda_error_handler());
    auto& untyped = buffers.get_or_create_buffer("untyped", gpu::BufferConfig::for_positions());
    try {
        auto typed = utils::create_managed_buffer<char>(bytes, "typed");
        grow(untyped, elements);
    } catch (const utils::CudaException& e) {
        return static_cast<int>(e.code());
    } catch (const std::runtime_error& e) {
        struct told {
            const char* text;
        };
        std::printf("%s\n", told{e.what()}.text);
        return -1;
    }
    return 0;
}

std::size_t leaks() { return utils::check_gpu_memory_leaks().size(); }

int main() {
    constexpr std::size_t huge = ~std::size_t{0} / 64;
    std::printf("%d\n", guarded(12, 100));
    std::printf("%d\n", guarded(huge, 100));
    std::printf("%d %zu\n", guarded(12, huge), leaks());
}
