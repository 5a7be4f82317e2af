#include <triune/triune.hpp>
#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdarg>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

// A pointer to a manager's buffer stays, with what its value flows to: members, containers, functions.
struct View {
    gpu::DynamicGpuBuffer* buffer;
    int priority;
};
class Watcher {
  public:
    explicit Watcher(gpu::DynamicBufferManager& manager)
        : watched_(&manager.get_or_create_buffer("watched", gpu::BufferConfig::for_edges())) {}
    std::size_t bytes() const { return watched_->capacity_bytes(); }
    View view() const { return {watched_, 1}; }

  private:
    gpu::DynamicGpuBuffer* watched_;
};
std::size_t bytes_of(const View& view) { return view.buffer->capacity_bytes(); }

// What takes it without its type gives it to whoever names the type: these stay together.
union Either {
    void* raw;
    gpu::DynamicGpuBuffer* buffer;
};
std::size_t bytes_of(Either either) { return either.buffer->capacity_bytes(); }
std::size_t bytes_of_all(int count, ...) {
    va_list given;
    va_start(given, count);
    std::size_t sum = 0;
    for (int each = 0; each < count; ++each) sum += va_arg(given, gpu::DynamicGpuBuffer*)->capacity_bytes();
    va_end(given);
    return sum;
}
std::size_t forgotten(gpu::DynamicBufferManager& manager) {
    auto& buffer = manager.get_or_create_buffer("forgotten", gpu::BufferConfig::for_edges());
    buffer.ensure_capacity(1000);
    Either either;
    either.raw = &buffer;
    return bytes_of(either);
}
std::size_t many(gpu::DynamicBufferManager& manager) {
    auto& buffer = manager.get_or_create_buffer("many", gpu::BufferConfig::for_edges());
    return bytes_of_all(2, &buffer, &buffer);
}

// Pointers to what an object owns have nothing to do with those, and go.
class Pool {
  public:
    triune::UntypedBuffer* add(const std::string& name) {
        all_[name] = std::make_unique<triune::UntypedBuffer>(triune::default_manager().make_untyped(name, triune::BufferConfig::for_edges()));
        return all_[name].get();
    }
    triune::UntypedBuffer* own() { return &own_; }

  private:
    std::map<std::string, std::unique_ptr<triune::UntypedBuffer>> all_;
    triune::UntypedBuffer own_{triune::default_manager().make_untyped("own", triune::BufferConfig::for_forces())};
};

int main() {
    gpu::DynamicBufferManager manager(nullptr);
    const Watcher watcher(manager);
    std::printf("%zu %zu\n", watcher.bytes(), bytes_of(watcher.view()));
    gpu::DynamicBufferManager second(nullptr);
    std::printf("%zu\n", forgotten(second));
    gpu::DynamicBufferManager third(nullptr);
    std::printf("%zu\n", many(third));
    Pool pool;
    pool.add("x")->reserve(5);
    std::vector<triune::UntypedBuffer*> seen{pool.add("y"), pool.own()};
    for (triune::UntypedBuffer* each : seen) each->reserve(1000);
    std::printf("%zu %zu\n", seen[0]->capacity_bytes(), seen[1]->capacity_bytes());
}
