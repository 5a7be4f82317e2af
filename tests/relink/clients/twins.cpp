// SPDX-License-Identifier: Apache-2.0
// Two live buffers of one name: the originals lose one of them, and their total drifts for ever.
#include "client.hpp"
#include "utils/gpu_memory.hpp"

#include <memory>

namespace {

using Buffer = utils::ManagedDeviceBuffer<float>;

std::unique_ptr<Buffer> twin(std::size_t count) {
    return std::make_unique<Buffer>(utils::create_managed_buffer<float>(count, "twin"));
}

}  // namespace

void twins(std::ostream& out) {
    const std::size_t others = utils::get_gpu_memory_usage().first;  // of the buffers made before main
    const std::size_t names = utils::check_gpu_memory_leaks().size();
    const auto total = [&] { return utils::get_gpu_memory_usage().first - others; };
    const auto leaks = [&] { return utils::check_gpu_memory_leaks().size() - names; };
    auto first = twin(25);
    out << total() << '\n';
    auto second = twin(50);
    out << total() << '\n';
    mended(out, "the entry of both", utils::get_gpu_memory_usage().second.at("twin"), 200, 300);
    mended(out, "leaks of both", leaks(), 1, 2);
    first.reset();
    mended(out, "the total without the first", total(), 100, 200);
    mended(out, "leaks without the first", leaks(), 0, 1);
    second.reset();
    mended(out, "the total without both", total(), 100, 0);
    out << leaks() << '\n';
}
