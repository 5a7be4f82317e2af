#include <triune/triune.hpp>
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
    std::vector<triune::UntypedBuffer> buffers;
    buffers.emplace(buffers.begin(), triune::default_manager().make_untyped("first", triune::BufferConfig::for_edges()));
    std::list<triune::UntypedBuffer> listed;
    listed.emplace_front(triune::default_manager().make_untyped("listed", triune::BufferConfig::for_edges()));
    std::variant<int, triune::UntypedBuffer> either;
    either.emplace<1>(triune::default_manager().make_untyped("either", triune::BufferConfig::for_edges()));
    auto perhaps = std::make_optional<triune::UntypedBuffer>(triune::default_manager().make_untyped("perhaps", triune::BufferConfig::for_edges()));
    std::map<int, triune::GpuMemoryManager> managers;
    managers.try_emplace(1);
    std::printf("%s %s %s %zu\n", buffers.front().name().c_str(), listed.front().name().c_str(), perhaps->name().c_str(),
                managers.at(1).total_allocated_bytes());
    std::printf("%zu %zu\n", forwarded(), piecewise());
}
