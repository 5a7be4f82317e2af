#include "gpu/dynamic_buffer_manager.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <utility>
#include <vector>

// A lambda that is over when its function returns may refer to a handle: these go.
template <typename T>
std::size_t called_at_once(T& buffer) {
    return [&] { return buffer.capacity_bytes(); }();
}
template <typename T>
std::size_t named_and_called(T& buffer, std::size_t count) {
    const auto grow = [&buffer](std::size_t more) {
        const auto bytes = [&] { return buffer.capacity_bytes(); };
        buffer.ensure_capacity(more);
        return bytes();
    };
    return grow(count) + grow(2 * count);
}
template <typename T>
void given_to_algorithms(T& buffer, const std::vector<std::size_t>& counts) {
    const auto fits = [&other = buffer](std::size_t each) { return each <= other.capacity_bytes(); };
    std::for_each(counts.begin(), counts.end(), [&](std::size_t each) { buffer.ensure_capacity(each); });
    if (!std::all_of(counts.begin(), counts.end(), fits)) std::invoke([&buffer] { buffer.set_size(1); });
}
std::size_t over(gpu::DynamicBufferManager& manager) {
    auto& buffer = manager.get_or_create_buffer("over", gpu::BufferConfig::for_edges());
    const std::size_t before = called_at_once(buffer) + named_and_called(buffer, 100);
    given_to_algorithms(buffer, {1000, 10, 5000});
    return before + buffer.capacity_bytes();
}

// Each of these is kept, and stays.
using Jobs = std::vector<std::function<std::size_t()>>;

template <typename T>
void copied(T& buffer, Jobs& jobs) {
    const auto bytes = [&] { return buffer.capacity_bytes(); };
    if (bytes() == 0) jobs.push_back(bytes);
}
void keep_copy(gpu::DynamicBufferManager& manager, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("copied", gpu::BufferConfig::for_edges());
    copied(buffer, jobs);
    buffer.ensure_capacity(1);
}

template <typename T>
auto captured(T& buffer) {
    const auto bytes = [&] { return buffer.capacity_bytes(); };
    return [bytes] { return bytes(); };
}
void keep_captured(gpu::DynamicBufferManager& manager, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("captured", gpu::BufferConfig::for_edges());
    jobs.push_back(captured(buffer));
    buffer.ensure_capacity(1000);
}

template <typename T>
auto returned_by_algorithm(T& buffer) {
    const int none[] = {0};
    return std::for_each(none, none, [&](int) { return buffer.capacity_bytes(); });
}
void keep_returned(gpu::DynamicBufferManager& manager, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("returned", gpu::BufferConfig::for_edges());
    jobs.push_back([bytes = returned_by_algorithm(buffer)] { return bytes(0); });
    buffer.ensure_capacity(2000);
}

template <typename T>
void given_to_what_keeps(T& buffer, Jobs& jobs) {
    const auto keep = [&jobs](std::function<std::size_t()> job) { jobs.push_back(std::move(job)); };
    keep([&] { return buffer.capacity_bytes(); });
    std::invoke(keep, [&] { return buffer.capacity_bytes(); });
}
void keep_given(gpu::DynamicBufferManager& manager, Jobs& jobs) {
    auto& buffer = manager.get_or_create_buffer("given", gpu::BufferConfig::for_edges());
    given_to_what_keeps(buffer, jobs);
    buffer.ensure_capacity(3000);
}

template <typename T>
std::size_t kept_for_all_calls(T& buffer) {
    static const auto bytes = [&first = buffer] { return first.capacity_bytes(); };
    return bytes();
}
std::size_t keep_static(gpu::DynamicBufferManager& manager, const char* name, std::size_t count) {
    auto& buffer = manager.get_or_create_buffer(name, gpu::BufferConfig::for_edges());
    buffer.ensure_capacity(count);
    return kept_for_all_calls(buffer);
}

int main() {
    gpu::DynamicBufferManager manager(nullptr);
    std::printf("%zu\n", over(manager));
    Jobs jobs;
    gpu::DynamicBufferManager a(nullptr);
    keep_copy(a, jobs);
    gpu::DynamicBufferManager b(nullptr);
    keep_captured(b, jobs);
    gpu::DynamicBufferManager c(nullptr);
    keep_returned(c, jobs);
    gpu::DynamicBufferManager d(nullptr);
    keep_given(d, jobs);
    gpu::DynamicBufferManager e(nullptr);
    const std::size_t first = keep_static(e, "first", 4000);
    const std::size_t second = keep_static(e, "second", 5);
    std::size_t sum = 0;
    for (auto& each : jobs) sum += each();
    std::printf("%zu %zu %zu\n", sum, first, second);
}
