// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"
#include "utils/gpu_memory.hpp"
#include "utils/unified_gpu_compute.hpp"

#include <set>
#include <string>

namespace {

template <typename Call>
void code(std::ostream& out, const char* what, Call&& call) {
    try {
        call();
        out << what << ": nothing thrown\n";
    } catch (const utils::CudaException& error) {
        out << what << ": " << static_cast<int>(error.code()) << ' ' << error.what() << '\n';
    }
    utils::get_global_cuda_error_handler()->check_error("after a failure");
}

}  // namespace

void errors(std::ostream& out) {
    std::set<std::string> texts;
    for (const int value : {0, 1, 2, 3, 4, 9, 16, 17, 21, 33, 34, 38, 54, 719, 999, 12345}) {
        out << value << ' ' << utils::to_string(static_cast<utils::CudaError>(value)) << '\n';
        texts.insert(utils::to_string(static_cast<utils::CudaError>(value)));
    }
    out << texts.size() << '\n';
    auto buffer = utils::DeviceBuffer<float>::filled(3, 2.0F);
    std::vector<float> two(2, 9.0F), three(3), four(4);
    code(out, "too few", [&] { buffer.copy_from(two); });
    code(out, "too many", [&] { buffer.copy_from(four); });
    code(out, "read too few", [&] { buffer.copy_to(two); });
    buffer.copy_to(three);
    print(out, "kept", three);
    code(out, "overflow", [] { utils::DeviceBuffer<double>::zeroed(~std::size_t{0} / 2); });
    code(out, "managed overflow", [] { utils::create_managed_buffer<double>(~std::size_t{0}, "huge"); });
    out << utils::get_gpu_memory_usage().second.count("huge") << '\n';
    code(out, "default", [] {
        std::vector<float> one(1);
        utils::DeviceBuffer<float>().copy_to(one);
    });
    code(out, "guard", [] {
        const utils::CudaMemoryGuard guard(4, "guard", nullptr);
        guard.copy_from_host("abcde", 5);
    });
    const utils::CudaMemoryGuard guard(4, "guard", utils::get_global_cuda_error_handler());
    guard.copy_from_host("abcd", 4);
    try {
        guard.copy_from_host(nullptr, 2);
    } catch (const utils::CudaException& error) {  // the text is the driver's there
        out << static_cast<int>(error.code()) << '\n';
    }
    guard.copy_from_host("X", 1);
    std::string text(3, '.');
    guard.copy_to_host(&text[0], 3);
    out << text << ' ' << guard.size() << '\n';
    utils::UnifiedGPUCompute graph(3, 1);
    code(out, "positions", [&] { graph.upload_positions(three, two, three); });
    code(out, "velocities", [&] { graph.upload_velocities(four, three, three); });
    code(out, "offsets", [&] { graph.upload_edges_csr({0, 1}, {0}, {1.0F}); });
    code(out, "weights", [&] { graph.upload_edges_csr({0, 0, 0, 1}, {0}, {1.0F, 2.0F}); });
    code(out, "edges", [&] { graph.upload_edges_csr({0, 1, 1, 2}, {0, 1}, {1.0F, 2.0F}); });
    code(out, "no offsets", [&] { graph.upload_edges_csr({}, {}, {}); });
    print(out, "untouched", std::get<0>(graph.get_node_positions()));
    out << graph.num_edges << '\n';
    utils::CudaErrorHandler handler;
    handler.check_error("fine");
    handler.synchronize_device("fine");
    out << handler.get_error_stats().first << handler.get_error_stats().second.has_value()
        << handler.should_fallback_to_cpu() << '\n';
}
