#include <triune/triune.hpp>
#include "utils/cuda_error_handling.hpp"

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>

// Chains, and casts of what they end in.
float* chain(triune::GpuMemoryManager& manager) {
    manager.get_or_create("a", triune::BufferConfig::for_edges()).reserve(10);
    int* raw = reinterpret_cast<int*>(manager.get_or_create("b", {64, 1.5F, std::size_t{1} << 30, 1024}).data());
    return raw == nullptr ? nullptr : static_cast<float*>(manager.get_or_create("a", {64, 1.5F, std::size_t{1} << 30, 1024}).data());
}

// Smart pointers and optional.
std::unique_ptr<triune::GraphArrays> make() { return std::make_unique<triune::GraphArrays>(4, 5); }
std::optional<triune::Buffer<float>> maybe;
std::shared_ptr<triune::GpuMemoryManager> shared(std::shared_ptr<utils::CudaErrorHandler> /*handler*/) {
    return std::make_shared<triune::GpuMemoryManager>();
}

// Callbacks, lambdas, default arguments.
std::function<std::size_t(const triune::Buffer<float>&)> callback = [](const triune::Buffer<float>& b) {
    return b.size();
};
auto handle_of = [](const triune::Stream& stream) { return stream.handle(); };
std::size_t defaulted(const triune::Buffer<float>& b = triune::Buffer<float>::zeroed(3)) { return b.size(); }

// Friends, aliases, operators that ask for types.
class Owner {
    friend class triune::GraphArrays;
    triune::StreamSet streams_;
};
template <typename T>
using Managed = triune::Buffer<T>;
Managed<int> ints = triune::default_manager().make_buffer<int>("ints", 7);
static_assert(sizeof(triune::Stream) > 0);
decltype(triune::default_manager().make_buffer<float>("x", 1)) made = triune::default_manager().make_buffer<float>("x", 1);

// A derived class with the base's names in every place where they may stand.
class Layout : public triune::GraphArrays {
  public:
    using triune::GraphArrays::GraphArrays;
    using Base = triune::GraphArrays;
    Layout() : triune::GraphArrays(1, 2) {}
    std::size_t run() {
        Base::swap_buffers();
        this->resize(2, 2);
        triune::GraphArrays::latest_positions();
        auto [x, y, z] = latest_positions().to_vectors();
        return x.size() + y.size() + z.size() + pos_in_x.size();
    }
};

// A template that is an argument.
template <template <typename> class Box>
struct Holder {
    Box<int> box;
};
Holder<triune::Buffer> held;

int main() {
    triune::GpuMemoryManager manager;
    Layout layout;
    std::printf("%d %zu %zu %zu %zu\n", chain(manager) == nullptr, make()->num_edges, callback(layout.mass), defaulted(),
                layout.run());
    maybe = triune::default_manager().make_buffer<float>("maybe", 3);
    std::printf("%zu %zu %zu %d\n", maybe->size_bytes(), ints.size_bytes(), shared(nullptr)->buffer_stats().size(),
                handle_of(layout.stream()) != nullptr);
}
