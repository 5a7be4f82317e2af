// SPDX-License-Identifier: Apache-2.0
// A frame server: one thread computes, others send the newest complete frame to their clients. Nobody waits for anybody.
#include <triune/triune.hpp>

#include <atomic>
#include <cstdint>
#include <iostream>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t nodes = 2000;
constexpr int frames = 200;

// x, y and z of all nodes: they grow, are filled and downloaded as one.
using Positions = triune::BufferGroup<float>;

// Stands for the kernels of a layout: every value of a frame is the frame's number.
void compute(Positions& positions, int frame, triune::StreamHandle stream) {
    positions.fill(static_cast<float>(frame), stream);
}

// What a client sees: each frame is whole, and frames never go backwards.
struct Client {
    void serve(const Positions& positions, const std::atomic<bool>& done) {
        while (!done) {
            const triune::GroupView<float> frame = positions.latest();
            if (frame.sequence() == newest) continue;
            newest_goes_back = newest_goes_back || frame.sequence() < newest;
            newest = frame.sequence();
            ++sent;
            for (std::size_t axis = 0; axis < 3; ++axis) {
                const auto& values = frame[axis];
                torn = torn || values[0] != frame[0][0] || values[values.size() - 1] != frame[0][0];
            }
        }
    }

    std::uint64_t newest = 0;
    std::uint64_t sent = 0;
    bool torn = false;
    bool newest_goes_back = false;
};

}  // namespace

int main() {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    Positions positions(manager, "positions", {"x", "y", "z"}, nodes, triune::BufferConfig::for_positions());

    std::vector<Client> clients(3);
    std::atomic<bool> done{false};
    std::vector<std::thread> threads;
    for (Client& each : clients) threads.emplace_back([&] { each.serve(positions, done); });

    int skipped = 0;
    for (int frame = 1; frame <= frames; ++frame) {
        compute(positions, frame, stream.handle());
        try {
            positions.start_async_download(stream.handle());
        } catch (const triune::download_in_flight&) {
            ++skipped;  // clients still read both older frames: this one is not sent
        }
        stream.synchronize();
    }
    done = true;
    for (std::thread& each : threads) each.join();

    bool right = true;
    for (const Client& each : clients) right = right && !each.torn && !each.newest_goes_back;
    std::cout << frames << " frames, " << skipped << " not sent, " << (right ? "all whole" : "some torn") << '\n';
    return right ? 0 : 1;
}
