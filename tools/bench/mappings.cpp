// SPDX-License-Identifier: Apache-2.0
// Replays recorded allocations by address over a device that only counts: what is made and mapped, pass by pass, and
// the peak of what is held over the peak in use. The same on every machine.
//   triune_bench_mappings [--gibibytes N] [--max-held THOUSANDTHS] [--max-mapped N] TRACE...
// --gibibytes: what the device has (80); a thread keeps a 256th of it at most. Exit status 1 where a pass holds more
// than so many thousandths of what lives, or the first maps more chunks.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/manage/manager.hpp>
#include <triune/resource/pool_account.hpp>

#include "arguments.hpp"
#include "counting_device.hpp"
#include "trace.hpp"

namespace {

using namespace bench;

constexpr int passes = 4;
constexpr std::size_t no_limit = std::size_t{1} << 50;

struct Replay {
    explicit Replay(const Trace& trace_, std::size_t device_bytes)
        : trace(trace_), device(device_bytes), pieces(trace.places) {
        for (std::size_t i = 0; i < trace.streams; ++i)
            triune::check(device.stream_create(streams.emplace_back()), "making a stream");
    }
    // Answers the peak of the bytes held.
    std::size_t pass() {
        std::size_t peak = 0;
        for (const Operation& operation : trace.operations) {
            void*& piece = pieces[operation.place];
            const auto order = triune::StreamOrder::on(streams[operation.stream]);
            if (operation.frees) {
                account.deallocate(piece, order);
            } else {
                piece = account.allocate(operation.bytes, alignof(std::max_align_t), order);
                peak = std::max(peak, held_bytes());
            }
        }
        return peak;
    }

    std::size_t held_bytes() const {
        const triune::PoolFigures pool = manager.stats().pool;
        return pool.reserved_bytes + pool.retired_bytes + pool.spare_chunk_bytes;
    }

    const Trace& trace;
    CountingDevice device;
    triune::GpuMemoryManager manager{device, no_limit};
    triune::PoolAccount account{manager};
    std::vector<StreamHandle> streams;
    std::vector<void*> pieces;
};

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--gibibytes", "--max-held", "--max-mapped"});
    const auto device_bytes = static_cast<std::size_t>(arguments.number("--gibibytes", 80)) * triune::GiB;
    const int max_held = arguments.number("--max-held", 1'000'000);
    const int max_mapped = arguments.number("--max-mapped", 1'000'000);
    bool too_much = false;
    std::printf("%-24s %4s %8s %8s %8s %10s\n", "trace", "pass", "created", "mapped", "unmapped", "held/live");
    for (const std::string& path : arguments.rest()) {
        const Trace trace = read_trace(path);
        Replay replay(trace, device_bytes);
        for (int pass = 1; pass <= passes; ++pass) {
            const CountingDevice::Counts before = replay.device.counts();
            const double held = static_cast<double>(replay.pass()) / static_cast<double>(trace.peak_live_bytes);
            const CountingDevice::Counts& now = replay.device.counts();
            const std::size_t mapped = now.mapped - before.mapped;
            std::printf("%-24s %4d %8zu %8zu %8zu %10.4f\n", trace.name.c_str(), pass, now.created - before.created,
                        mapped, now.unmapped - before.unmapped, held);
            if (held * 1000 > max_held) too_much = true;
            if (pass == 1 && mapped > static_cast<std::size_t>(max_mapped)) too_much = true;
        }
    }
    if (too_much) std::printf("more than was allowed\n");
    return too_much ? 1 : 0;
}
