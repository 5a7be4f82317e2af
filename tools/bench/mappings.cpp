// SPDX-License-Identifier: Apache-2.0
// Replays recorded allocations over a device that only counts: what the pool makes and maps, pass by pass, and the peak
// of what it holds over the peak in use. The same on every machine.
//   triune_bench_mappings [--gibibytes N] [--most-held THOUSANDTHS] [--most-mapped N] TRACE...
// --gibibytes: what the device has (80); a thread keeps a 256th of it at most. Exit status 1 where a pass holds more
// than so many thousandths of what lives, or the first maps more chunks.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <triune/alloc/pool.hpp>
#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

#include "arguments.hpp"
#include "counting_device.hpp"
#include "trace.hpp"

namespace {

using namespace bench;

constexpr int passes = 4;

struct Replay {
    explicit Replay(const Trace& trace_, std::size_t device_bytes)
        : trace(trace_), device(device_bytes), blocks(trace.places) {
        for (std::size_t i = 0; i < trace.streams; ++i)
            triune::check(device.stream_create(streams.emplace_back()), "making a stream");
    }
    // Answers the peak of the bytes held.
    std::size_t pass() {
        std::size_t peak = 0;
        for (const Operation& operation : trace.operations) {
            triune::Block& block = blocks[operation.place];
            const StreamHandle stream = streams[operation.stream];
            if (operation.frees) {
                pool.deallocate(block, triune::StreamOrder::on(stream));
            } else {
                block = pool.allocate(operation.bytes, stream);
                peak = std::max(peak, pool.statistics().reserved_bytes + chunks.spare_bytes());
            }
        }
        return peak;
    }

    const Trace& trace;
    CountingDevice device;
    triune::ChunkPool chunks{device};
    triune::Pool pool{chunks};
    std::vector<StreamHandle> streams;
    std::vector<triune::Block> blocks;
};

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--gibibytes", "--most-held", "--most-mapped"});
    const auto device_bytes = static_cast<std::size_t>(arguments.number("--gibibytes", 80)) * triune::GiB;
    const int most_held = arguments.number("--most-held", 1'000'000);
    const int most_mapped = arguments.number("--most-mapped", 1'000'000);
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
            if (held * 1000 > most_held) too_much = true;
            if (pass == 1 && mapped > static_cast<std::size_t>(most_mapped)) too_much = true;
        }
    }
    if (too_much) std::printf("more than was allowed\n");
    return too_much ? 1 : 0;
}
