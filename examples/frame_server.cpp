// SPDX-License-Identifier: Apache-2.0
// A frame server: one thread computes, others send the newest complete frame to clients. Nobody waits for anybody.
#include <triune/triune.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t nodes = 2000;
constexpr int frames = 100;

// x, y and z of all nodes: they grow, are filled and downloaded as one.
using Positions = triune::BufferGroup<float>;

// Stands for the kernels of a layout, and for the time that they take: every value of a frame is the frame's number.
void compute(Positions& positions, int frame, triune::StreamHandle stream) {
    positions.fill(static_cast<float>(frame), stream);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

// The number of the newest frame; clients sleep until it changes.
class Published {
  public:
    void set(int frame) {
        newest_ = frame;
        newest_.notify_all();
    }
    int after(int seen) const {
        newest_.wait(seen);
        return newest_;
    }

  private:
    std::atomic<int> newest_{0};
};

// What a client sees: each frame is whole, and frames never go backwards. It holds a view only while it sends: as long
// as readers hold both slots of the group no frame can be started.
struct Client {
    void serve(const Positions& positions, const Published& published) {
        for (int seen = 0; seen < frames;) {
            seen = published.after(seen);
            const triune::GroupView<float> frame = positions.latest();
            if (frame.sequence() == 0) continue;
            const float value = frame[0][0];
            for (std::size_t axis = 0; axis < 3; ++axis)
                whole = whole && frame[axis][0] == value && frame[axis][nodes - 1] == value;
            in_order = in_order && frame.sequence() >= newest;
            newest = frame.sequence();
            ++sent;
        }
    }

    std::uint64_t newest = 0;
    int sent = 0;
    bool whole = true;
    bool in_order = true;
};

}  // namespace

int main() {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    Positions positions(manager, "positions", {"x", "y", "z"}, nodes, triune::BufferConfig::for_positions());

    Published published;
    std::vector<Client> clients(3);
    std::vector<std::thread> threads;
    for (Client& each : clients) threads.emplace_back([&] { each.serve(positions, published); });

    int left_out = 0;
    for (int frame = 1; frame <= frames; ++frame) {
        compute(positions, frame, stream.handle());
        try {
            positions.start_async_download(stream.handle());  // never waits
        } catch (const triune::download_in_flight&) {
            ++left_out;  // both older ones are on their way still, or clients send them
        }
        stream.synchronize();
        published.set(frame);
    }
    for (std::thread& each : threads) each.join();

    bool right = left_out < frames;
    int sent = 0;
    for (const Client& each : clients) {
        right = right && each.whole && each.in_order;
        sent += each.sent;
    }
    std::cout << frames << " frames, " << left_out << " left out, " << sent << " sent to " << clients.size()
              << " clients, " << (right ? "all whole and in order" : "some torn or out of order") << '\n';
    return right ? 0 : 1;
}
