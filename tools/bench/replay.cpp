// SPDX-License-Identifier: Apache-2.0
// Replays recorded allocations through each contestant: peak of the memory held over the peak in use, by the
// contestant's own count and, now and then, by the device's; and time an operation.
//   triune_bench_replay [--repeat N] [--only CONTESTANT] [--json FILE] TRACE...
#include <algorithm>
#include <string>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/stream.hpp>

#include "arguments.hpp"
#include "contestant.hpp"
#include "measurements.hpp"
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

std::size_t used_bytes() {
    triune::DeviceMemoryInfo info;
    triune::check(triune::current_device().memory_info(info), "asking for the free memory");
    return info.total_bytes - info.free_bytes;
}

struct Peaks {
    std::size_t reserved = 0;  // as the contestant counts
    std::size_t used = 0;      // of the whole device, whoever uses it
};

// Of one pass more. The device is asked seldom: it takes long to answer.
Peaks peaks(Contestant& contestant, const Trace& trace, Run& run) {
    constexpr std::size_t between_questions = 64;
    triune::Device& device = triune::current_device();
    const bool late = device.properties().kind == triune::DeviceKind::simulated;
    Peaks peaks;
    std::size_t count = 0;
    for (const Operation& operation : trace.operations) {
        // A trace has no work in it, and on a GPU a free without work is done at once.
        if (late) triune::check(device.synchronize(), "waiting for the device");
        run.step(contestant, operation);
        if (!operation.frees) peaks.reserved = std::max(peaks.reserved, contestant.reserved_bytes());
        if (++count % between_questions == 0) peaks.used = std::max(peaks.used, used_bytes());
    }
    return peaks;
}

void memory(Measurements& results, const Entry& entry, const Trace& trace) {
    const auto live = static_cast<double>(trace.peak_live_bytes);
    const std::size_t before = used_bytes();
    const auto contestant = entry.make();
    Run run(trace);
    const Peaks first = peaks(*contestant, trace, run);
    results.note({trace.name + ": held over live", ""}, entry.name, static_cast<double>(first.reserved) / live);
    results.note({trace.name + ": held over live, by the device", ""}, entry.name,
                 static_cast<double>(first.used - std::min(first.used, before)) / live);
    for (int i = 0; i < (entry.slow ? 1 : 3); ++i) {
        results.note({trace.name + ": held over live, later passes", ""}, entry.name,
                     static_cast<double>(peaks(*contestant, trace, run).reserved) / live);
    }
}

// One that has just been made, and has nothing yet, and then again.
void times(Measurements& results, const Entry& entry, const Trace& trace) {
    const auto contestant = entry.make();
    Run run(trace);
    results.note({trace.name + ": first pass, an operation", "ns"}, entry.name, pass(*contestant, trace, run));
    for (int i = 0; i < (entry.slow ? 1 : 3); ++i) {
        results.note({trace.name + ": later passes, an operation", "ns"}, entry.name, pass(*contestant, trace, run));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--only", "--json"});
    const int repeat = arguments.number("--repeat", 9);
    triune::log::set_level(triune::log::Level::error);
    Measurements results("replay");
    auto entries = contestants();
    const std::string only = arguments.text("--only", "");
    if (!only.empty()) std::erase_if(entries, [&](const Entry& entry) { return entry.name != only; });
    for (const std::string& path : arguments.rest()) {
        const Trace trace = read_trace(path);
        take_turns(1, entries, [&](const Entry& entry) { memory(results, entry, trace); });
        for (int round = 0; round < repeat; ++round) {
            take_turns(1, entries, [&](const Entry& entry) {
                if (round == 0 || !entry.slow) times(results, entry, trace);
            });
        }
    }
    results.print();
    results.write_json(arguments.text("--json", ""));
}
