// SPDX-License-Identifier: Apache-2.0
// A program whose memory is worth a look: every kind of event, some memory left, on two threads.
//   recorded_program RECORDING SNAPSHOT
// With "-" as RECORDING it is left to TRIUNE_RECORD, and a buffer of the default manager is never freed.
#include <fstream>
#include <string_view>
#include <thread>
#include <vector>

#include <triune/base/units.hpp>
#include <triune/device/stream.hpp>
#include <triune/manage/buffer_group.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/manager.hpp>
#include <triune/resource/bad_allocation.hpp>
#include <triune/resource/pool_account.hpp>
#include <triune/track/recorder.hpp>

using namespace triune;

namespace {

BufferConfig downloadable() {
    BufferConfig config;
    config.enable_async = true;
    return config;
}

void frames(GpuMemoryManager& manager, const Stream& stream) {
    auto forces = manager.make_buffer<float>("forces", 1000);
    for (std::size_t frame = 1; frame <= 20; ++frame) {
        auto scratch = manager.make_buffer<double>("scratch \"of\" <frame>", 3000 * frame, {}, stream.handle());
        forces.ensure_capacity(1000 * frame * frame, stream.handle());
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    if (std::string_view(argv[1]) == "-") {
        static_cast<void>(default_manager().allocate<float>("never freed", 1000));
    } else {
        recorder::Options options;
        options.file = argv[1];
        options.stacks = true;
        recorder::start(options);
    }
    {
        GpuMemoryManager manager = GpuMemoryManager::with_limit(64 * MiB);
        const Stream stream;
        const auto positions = manager.allocate<float>("positions", 10'000, downloadable());
        positions.ensure_capacity(40'000);
        positions.start_async_download(stream.handle());
        static_cast<void>(positions.wait_for_download());
        const auto mapped = manager.allocate<std::byte>("mapped", 33 * MiB);
        BufferGroup<float> nodes(manager, "nodes", {"x", "y", "z"}, 10);
        nodes.reserve(5000);
        std::thread other([&] { frames(manager, stream); });
        frames(manager, stream);
        other.join();
        const PoolAccount solver(manager, "solver");
        std::vector<void*> pieces;
        for (std::size_t i = 1; i <= 8; ++i)
            pieces.push_back(solver.allocate(i * 10'000, 256, StreamOrder::on(stream.handle())));
        for (std::size_t i = 0; i < pieces.size(); i += 2)
            solver.deallocate(pieces[i], StreamOrder::on(stream.handle()));
        try {
            static_cast<void>(manager.make_buffer<std::byte>("too much", 100 * MiB));
            return 3;
        } catch (const limit_exceeded&) {
        }
        positions.set_size(20'000);
        positions.shrink_to_fit();
        manager.trim();
        std::ofstream(argv[2]) << manager.snapshot(SnapshotDetail::layout).to_json();
        for (std::size_t i = 1; i < pieces.size(); i += 2)
            solver.deallocate(pieces[i], StreamOrder::on(stream.handle()));
    }
    if (std::string_view(argv[1]) != "-") recorder::stop();
    return 0;
}
