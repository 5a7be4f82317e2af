// Replays recorded allocations through each contestant: peak of the memory held over the peak in use, and time an
// operation.
//   triune_bench_replay [--repeat N] [--json FILE] TRACE...
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/stream.hpp>

#include "contestant.hpp"
#include "table.hpp"
#include "timing.hpp"
#include "trace.hpp"

namespace {

using namespace bench;

struct Run {
    std::vector<triune::Stream> streams;
    std::vector<Contestant::Piece> pieces;

    explicit Run(const Trace& trace) : pieces(trace.places) {
        for (std::size_t i = 0; i < trace.streams; ++i) streams.emplace_back();
    }
    void step(Contestant& contestant, const Operation& operation) {
        const Stream stream = streams[operation.stream].handle();
        Contestant::Piece& piece = pieces[operation.place];
        if (operation.frees) {
            contestant.deallocate(piece, operation.bytes, stream);
        } else {
            piece = contestant.allocate(operation.bytes, stream);
        }
    }
};

// Nanoseconds an operation, of one pass.
double pass(Contestant& contestant, const Trace& trace, Run& run) {
    const auto start = Clock::now();
    for (const Operation& operation : trace.operations) run.step(contestant, operation);
    return nanoseconds_since(start) / static_cast<double>(trace.operations.size());
}

std::size_t peak_reserved(const Entry& entry, const Trace& trace) {
    const auto contestant = entry.make();
    Run run(trace);
    triune::Device& device = triune::current_device();
    const bool late = device.properties().kind == triune::DeviceKind::simulated;
    std::size_t peak = 0;
    for (const Operation& operation : trace.operations) {
        // A trace has no work in it, and on a GPU a free without work is done at once.
        if (late) triune::check(device.synchronize(), "waiting for the device");
        run.step(*contestant, operation);
        if (!operation.frees) peak = std::max(peak, contestant->reserved_bytes());
    }
    return peak;
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--json"});
    const int repeat = arguments.number("--repeat", 9);
    Table table({"trace", "contestant", "peak live MiB", "held/live", "first ns", "median ns", "10%", "90%"});
    for (const std::string& path : arguments.rest()) {
        const Trace trace = read_trace(path);
        for (const Entry& entry : contestants()) {
            const std::size_t peak = peak_reserved(entry, trace);
            const auto contestant = entry.make();
            Run run(trace);
            const double first = pass(*contestant, trace, run);
            std::vector<double> times;
            for (int i = 0; i < (entry.slow ? 2 : repeat); ++i) times.push_back(pass(*contestant, trace, run));
            table.row({trace.name, entry.name, fixed(static_cast<double>(trace.peak_live_bytes) / (1 << 20), 0),
                       fixed(static_cast<double>(peak) / static_cast<double>(trace.peak_live_bytes), 3),
                       fixed(first, 0), fixed(quantile(times, 0.5), 1), fixed(quantile(times, 0.1), 1),
                       fixed(quantile(times, 0.9), 1)});
        }
    }
    table.print();
    table.write_json(arguments.text("--json", ""), "replay");
}
