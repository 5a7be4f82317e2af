// SPDX-License-Identifier: Apache-2.0
// Ends with everything alive: owners in statics, views held, work and downloads queued. Started by process_test, since
// what happens after main needs a process of its own.
#include <cstdlib>
#include <iostream>
#include <string_view>

#include <triune/device/sim/sim_device.hpp>
#include <triune/triune.hpp>

namespace {

// Begins before main and goes after it, as owners at namespace scope do.
struct Owners {
    triune::Buffer<float> unnamed;
    triune::Buffer<float> mapped;
    triune::HostView<float> view;
};
Owners owners;

void use_everything() {
    static const triune::Stream stream;
    static triune::GraphArrays graph(100, 100);
    static triune::BufferGroup<float> group(triune::default_manager(), "group", {"x", "y"}, 1000);
    auto& manager = triune::default_manager();

    owners.unnamed = triune::Buffer<float>::filled(1000, 1.0F);
    triune::BufferConfig stable;
    stable.stable_address = true;
    owners.mapped = manager.make_buffer<float>("mapped", 1000, stable);

    const auto positions = manager.allocate<float>("positions", 1000, triune::BufferConfig::for_positions());
    positions.start_async_download(stream.handle());
    owners.view = positions.wait_for_download();

    positions.fill(2.0F, stream.handle());
    positions.start_async_download(stream.handle());
    group.start_async_download(stream.handle());
    graph.start_positions_download();
    owners.unnamed.fill(3.0F, stream.handle());
}

// A device and a manager of its own, never destroyed, under an owner that is.
void use_own_device() {
    static auto* const device = new triune::sim::SimDevice;
    static auto* const manager = new triune::GpuMemoryManager(*device);
    static const auto owner = manager->make_buffer<float>("x", 1000, triune::BufferConfig::for_positions());
    static const triune::Stream stream(*device);
    owner.fill(1.0F, stream.handle());
    owner.start_async_download(stream.handle());
}

}  // namespace

// How to end: "return", "exit", or "own" for the second of the above.
int main(int count, char* arguments[]) {
    const std::string_view how = count > 1 ? arguments[1] : "return";
    how == "own" ? use_own_device() : use_everything();
    std::cout << "done" << std::endl;
    if (how == "exit") std::exit(0);
    return 0;
}
