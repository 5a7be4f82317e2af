#include "gpu/dynamic_buffer_manager.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

// Chains, and casts of what they end in.
float* chain(gpu::DynamicBufferManager& manager) {
    manager.get_or_create_buffer("a", gpu::BufferConfig::for_edges()).ensure_capacity(10);
    int* raw = reinterpret_cast<int*>(manager.get_or_create_buffer("b", {}).as_ptr());
    return raw == nullptr ? nullptr : static_cast<float*>(manager.get_or_create_buffer("a", {}).as_ptr());
}

// Smart pointers and optional.
std::unique_ptr<utils::UnifiedGPUCompute> make() { return std::make_unique<utils::UnifiedGPUCompute>(4, 5); }
std::optional<utils::ManagedDeviceBuffer<float>> maybe;
std::shared_ptr<gpu::DynamicBufferManager> shared(std::shared_ptr<utils::CudaErrorHandler> handler) {
    return std::make_shared<gpu::DynamicBufferManager>(handler);
}

// Callbacks, lambdas, default arguments.
std::function<std::size_t(const utils::DeviceBuffer<float>&)> callback = [](const utils::DeviceBuffer<float>& b) {
    return b.len();
};
auto handle_of = [](const utils::Stream& stream) { return stream.handle(); };
std::size_t defaulted(const utils::DeviceBuffer<float>& b = utils::DeviceBuffer<float>::zeroed(3)) { return b.len(); }

// Friends, aliases, operators that ask for types.
class Owner {
    friend class utils::UnifiedGPUCompute;
    utils::MultiStreamManager streams_;
};
template <typename T>
using Managed = utils::ManagedDeviceBuffer<T>;
Managed<int> ints = utils::create_managed_buffer<int>(7, "ints");
static_assert(sizeof(utils::Stream) > 0);
decltype(utils::create_managed_buffer<float>(1, "x")) made = utils::create_managed_buffer<float>(1, "x");

// A derived class with the base's names in every place where they may stand.
class Layout : public utils::UnifiedGPUCompute {
  public:
    using utils::UnifiedGPUCompute::UnifiedGPUCompute;
    using Base = utils::UnifiedGPUCompute;
    Layout() : utils::UnifiedGPUCompute(1, 2) {}
    std::size_t run() {
        Base::swap_buffers();
        this->resize_buffers(2, 2);
        utils::UnifiedGPUCompute::get_node_positions_async();
        auto [x, y, z] = get_node_positions_async();
        return x.size() + y.size() + z.size() + pos_in_x.len();
    }
};

// A template that is an argument.
template <template <typename> class Box>
struct Holder {
    Box<int> box;
};
Holder<utils::DeviceBuffer> held;

int main() {
    gpu::DynamicBufferManager manager(utils::get_global_cuda_error_handler());
    Layout layout;
    std::printf("%d %zu %zu %zu %zu\n", chain(manager) == nullptr, make()->num_edges, callback(layout.mass), defaulted(),
                layout.run());
    maybe = utils::create_managed_buffer<float>(3, "maybe");
    std::printf("%zu %zu %zu %d\n", maybe->size_bytes(), ints.size_bytes(), shared(nullptr)->get_all_stats().size(),
                handle_of(layout.stream()) != nullptr);
}
