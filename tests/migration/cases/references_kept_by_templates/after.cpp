#include <triune/triune.hpp>
#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <functional>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

// What a template makes of its own reference refers to the buffer; a handle has another address, and ends sooner. Each
// of these stays, with the buffers of its own manager alone.
using Jobs = std::vector<std::function<std::size_t()>>;

template <typename T>
T* address(T& buffer) {
    return &buffer;
}
void by_address(gpu::DynamicBufferManager& manager, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("address", gpu::BufferConfig::for_edges());
    auto* at = address(buffer);
    jobs.push_back([at] {
        at->ensure_capacity(1);
        return at->capacity_bytes();
    });
}

template <typename T>
auto wrapped(T& buffer) {
    return std::ref(buffer);
}
void by_wrapper(gpu::DynamicBufferManager& manager, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("wrapper", gpu::BufferConfig::for_edges());
    auto at = wrapped(buffer);
    jobs.push_back([at] {
        at.get().ensure_capacity(1000);
        return at.get().capacity_bytes();
    });
}

template <typename T>
std::tuple<T&, int> numbered(T& buffer) {
    return std::tuple<T&, int>(buffer, 1);
}
void by_tuple(gpu::DynamicBufferManager& manager, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("tuple", gpu::BufferConfig::for_edges());
    auto at = numbered(buffer);
    jobs.push_back([at] {
        std::get<0>(at).ensure_capacity(2000);
        return std::get<0>(at).capacity_bytes();
    });
}

template <typename T>
T& passed(T& buffer) {
    return buffer;
}
void by_result(gpu::DynamicBufferManager& manager, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("result", gpu::BufferConfig::for_edges());
    auto& at = passed(buffer);
    jobs.push_back([&at] {
        at.ensure_capacity(3000);
        return at.capacity_bytes();
    });
}

template <typename T>
std::size_t bytes_of_first(T& buffer) {
    static T& first = buffer;
    return first.capacity_bytes();
}
std::size_t by_static(gpu::DynamicBufferManager& manager, const char* name, std::size_t count) {
    auto& buffer = manager.get_or_create_buffer(name, gpu::BufferConfig::for_edges());
    buffer.ensure_capacity(count);
    return bytes_of_first(buffer);
}

template <typename T>
bool same(const T& left, const T& right) {
    return &left == &right;
}
bool by_identity(gpu::DynamicBufferManager& manager) {
    auto& one = manager.get_or_create_buffer("one", gpu::BufferConfig::for_edges());
    auto& again = manager.get_or_create_buffer("one", gpu::BufferConfig::for_edges());
    return same(one, again);
}

template <typename T>
const T& logged(const T& buffer) {
    return buffer;
}
std::size_t by_constant(gpu::DynamicBufferManager& manager) {
    const auto& at = logged(manager.get_or_create_buffer("constant", gpu::BufferConfig::for_edges()));
    return at.capacity_bytes();
}

// The same words copy or refer to what is no buffer.
struct Own {
    std::size_t bytes = 0;
};
std::size_t size(const Own& own) { return own.bytes; }
std::size_t size(const gpu::DynamicGpuBuffer& buffer) { return buffer.capacity_bytes(); }
template <typename T>
auto forwarded(T&& buffer) {
    return [&buffer] { return size(buffer); };
}
void by_forwarding(gpu::DynamicBufferManager& manager, Own& own, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("forwarded", gpu::BufferConfig::for_edges());
    jobs.push_back(forwarded(buffer));
    jobs.push_back(forwarded(own));
}

// What an object owns is no handle, and what a container has is where it was.
template <typename T>
class Pool {
  public:
    T& add(T one) {
        all_.push_back(std::make_unique<T>(std::move(one)));
        T& added = *all_.back();
        last_ = &added;
        return added;
    }
    std::size_t last() const { return last_->capacity_bytes(); }

  private:
    std::vector<std::unique_ptr<T>> all_;
    T* last_ = nullptr;
};

int main() {
    Jobs jobs;
    gpu::DynamicBufferManager a(nullptr);
    by_address(a, jobs);
    gpu::DynamicBufferManager b(nullptr);
    by_wrapper(b, jobs);
    gpu::DynamicBufferManager c(nullptr);
    by_tuple(c, jobs);
    gpu::DynamicBufferManager d(nullptr);
    by_result(d, jobs);
    gpu::DynamicBufferManager e(nullptr);
    const std::size_t first = by_static(e, "first", 4000);
    const std::size_t second = by_static(e, "second", 5);
    gpu::DynamicBufferManager f(nullptr);
    gpu::DynamicBufferManager g(nullptr);
    gpu::DynamicBufferManager h(nullptr);
    Own own;
    by_forwarding(h, own, jobs);
    own.bytes = 7;
    std::size_t sum = 0;
    for (auto& each : jobs) sum += each();
    std::printf("%zu %zu %zu\n", sum, first, second);
    std::printf("%d\n", by_identity(f));
    std::printf("%zu\n", by_constant(g));

    Pool<triune::UntypedBuffer> pool;
    pool.add(triune::default_manager().make_untyped("own", triune::BufferConfig::for_edges())).reserve(6000);
    std::printf("%zu\n", pool.last());
}
