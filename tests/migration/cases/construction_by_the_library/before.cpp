#include "gpu/dynamic_buffer_manager.hpp"

#include <cstdio>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

template <typename T, typename... Arguments>
T made_of(Arguments&&... given) {
    return *std::make_optional<T>(std::forward<Arguments>(given)...);
}

// Written once for whatever is made: the handler may be wanted by another class.
std::size_t forwarded() { return made_of<gpu::DynamicGpuBuffer>("forwarded", gpu::BufferConfig(), nullptr).size_bytes(); }

// Made of a tuple that holds the handler.
std::size_t piecewise() {
    std::map<std::string, gpu::DynamicGpuBuffer> all;
    all.emplace(std::piecewise_construct, std::forward_as_tuple("p"),
                std::forward_as_tuple("p", gpu::BufferConfig::for_edges(), utils::get_global_cuda_error_handler()));
    return all.size();
}

int main() {
    auto handler = utils::get_global_cuda_error_handler();
    std::vector<gpu::DynamicGpuBuffer> buffers;
    buffers.emplace(buffers.begin(), "first", gpu::BufferConfig::for_edges(), handler);
    std::list<gpu::DynamicGpuBuffer> listed;
    listed.emplace_front("listed", gpu::BufferConfig::for_edges(), handler);
    std::variant<int, gpu::DynamicGpuBuffer> either;
    either.emplace<1>("either", gpu::BufferConfig::for_edges(), handler);
    auto perhaps = std::make_optional<gpu::DynamicGpuBuffer>("perhaps", gpu::BufferConfig::for_edges(), handler);
    std::map<int, gpu::DynamicBufferManager> managers;
    managers.try_emplace(1, handler);
    std::printf("%s %s %s %zu\n", buffers.front().name().c_str(), listed.front().name().c_str(), perhaps->name().c_str(),
                managers.at(1).get_total_allocation());
    std::printf("%zu %zu\n", forwarded(), piecewise());
}
