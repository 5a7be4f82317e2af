// SPDX-License-Identifier: Apache-2.0
// Three arrays of n floats (x, y, z) to the host: starting it, waiting for it, the bandwidth, and a frame loop with a
// kernel beside it.
//   triune_bench_downloads [--repeat N] [--frames N] [--rounds N] [--most NODES] [--json FILE]
// The frame loop: queue a kernel that writes the arrays; wait, not counted, until the previous frame's download is
// there; take it and start this frame's. The legacy call gives the previous frame and starts the next in one, and
// blocks for it.
// Beside another stream's kernel, which fills the device and knows nothing of the arrays: queue it, start a download,
// wait for the kernel, take the download; in turn with a kernel alone, whose time the frame is divided by.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/stream.hpp>

#include "arguments.hpp"
#include "downloader.hpp"
#include "measurements.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

constexpr double link_bytes_a_microsecond = 55e3;  // of a PCIe 5 link: what a frame's kernel is scaled by

struct Run {
    Measurements& results;
    std::size_t nodes;
    int repeat;
    int frames;

    Case of(const char* name, const char* unit, Better better = Better::less) const {
        return {name, unit, static_cast<double>(nodes), better};
    }
};

// Alone, on an idle device.
void one_by_one(const Run& run, const DownloaderEntry& entry) {
    const auto downloader = entry.make(run.nodes);
    for (int i = -4; i < run.repeat; ++i) {  // what comes before 0 is to warm up: pinned slots are made there
        triune::check(triune::current_device().synchronize(), "idling");
        const auto begin = Clock::now();
        downloader->start();
        const double start = microseconds_since(begin);
        static_cast<void>(downloader->take());
        const double whole = microseconds_since(begin);
        if (i < 0) continue;
        run.results.note(run.of("start", "us"), entry.name, start);
        run.results.note(run.of("wait", "us"), entry.name, whole - start);
        run.results.note(run.of("start and wait", "us"), entry.name, whole);
        run.results.note(run.of("bandwidth", "GB/s", Better::more), entry.name,
                         12e-3 * static_cast<double>(run.nodes) / whole);
    }
}

// Microseconds a frame of the same kernels with no download beside them.
double kernels_alone(WorkKernel& kernel, int frames) {
    const triune::Stream stream;
    kernel.launch(stream.handle());
    stream.synchronize();
    const auto start = Clock::now();
    for (int i = 0; i < frames; ++i) kernel.launch(stream.handle());
    stream.synchronize();
    return microseconds_since(start) / frames;
}

void expect_frame(const DownloaderEntry& entry, float got, int frame) {
    // The legacy call gives the frame before.
    if (!WorkKernel::available()) return;
    const auto first = static_cast<float>(frame);
    if (got == first + 1.0F || (entry.name == "legacy" && got == first)) return;
    std::fprintf(stderr, "%s: frame %d brought %g\n", entry.name.c_str(), frame, static_cast<double>(got));
    std::exit(1);
}

void frame_loop(const Run& run, const DownloaderEntry& entry, WorkKernel* kernel, const char* what) {
    const auto downloader = entry.make(run.nodes);
    WorkKernel& writes = *kernel;
    std::vector<double> host;
    const int warm = 4;
    Clock::time_point begin;
    for (int frame = 0; frame < run.frames + warm; ++frame) {
        if (frame == warm) begin = Clock::now();
        writes.launch(downloader->stream(), WorkKernel::available() ? downloader->arrays() : FrameArrays{});
        while (frame > 0 && !downloader->ready()) std::this_thread::yield();
        const auto called = Clock::now();
        const float got = frame > 0 ? downloader->take() : 0;
        downloader->start();
        if (frame >= warm) host.push_back(microseconds_since(called));
        if (frame > 0) expect_frame(entry, got, frame - 1);
    }
    static_cast<void>(downloader->take());
    const double whole = microseconds_since(begin) / run.frames;
    triune::check(triune::current_device().synchronize(), "the last frame");
    const std::string loop = what;
    run.results.note(run.of((loop + ": frame").c_str(), "us"), entry.name, whole);
    double sum = 0;
    for (const double each : host) sum += each;
    run.results.note(run.of((loop + ": host time a frame").c_str(), "us"), entry.name, sum / run.frames);
}

// Kernels write so many frames: what is downloaded afterwards is the last of them or, where there are two sets of
// arrays, the one before.
constexpr int written_frames = 4;

void write_frames(const DownloaderEntry& entry, Downloader& downloader, WorkKernel& writes) {
    for (int frame = 0; frame < written_frames; ++frame) {
        writes.launch(downloader.stream(), WorkKernel::available() ? downloader.arrays() : FrameArrays{});
        downloader.start();
        expect_frame(entry, downloader.take(), frame);
    }
    triune::check(triune::current_device().synchronize(), "the frames that are written");
}

void expect_written(const DownloaderEntry& entry, float got) {
    constexpr auto last = static_cast<float>(written_frames);
    if (!WorkKernel::available() || got == last || got == last - 1.0F) return;
    std::fprintf(stderr, "%s: a download of written frames brought %g\n", entry.name.c_str(), static_cast<double>(got));
    std::exit(1);
}

void beside_another_stream(const Run& run, const DownloaderEntry& entry, WorkKernel& writes, WorkKernel& kernel,
                           const std::string& what) {
    constexpr int frames_a_note = 5;
    triune::Device& device = triune::current_device();
    const auto downloader = entry.make(run.nodes);
    write_frames(entry, *downloader, writes);
    const triune::StreamHandle stream = kernel.own_stream();
    double alone = 0;
    double together = 0;
    double host = 0;
    for (int frame = -2; frame < run.frames; ++frame) {  // what comes before 0 is to warm up
        const auto begin = Clock::now();
        kernel.launch(stream);
        triune::check(device.stream_synchronize(stream), "the kernel alone");
        const auto middle = Clock::now();
        kernel.launch(stream);
        const auto called = Clock::now();
        downloader->start();
        const double start = microseconds_since(called);
        triune::check(device.stream_synchronize(stream), "the kernel beside a download");
        const auto waited = Clock::now();
        const float got = downloader->take();
        const double take = microseconds_since(waited);
        const double frame_time = microseconds_since(middle);
        expect_written(entry, got);
        if (frame < 0) continue;
        alone += std::chrono::duration<double, std::micro>(middle - begin).count();
        together += frame_time;
        host += start + take;
        if ((frame + 1) % frames_a_note != 0 && frame + 1 != run.frames) continue;
        const int noted = frame % frames_a_note + 1;
        run.results.note(run.of((what + ": frame over kernel").c_str(), ""), entry.name, together / alone);
        run.results.note(run.of((what + ": host time a frame").c_str(), "us"), entry.name, host / noted);
        if (WorkKernel::available()) {
            run.results.note(run.of((what + ": kernel").c_str(), "us"), "kernel alone", alone / noted);
        }
        alone = together = host = 0;
    }
}

void measure(Measurements& results, std::size_t nodes, int rounds, int repeat, int frames,
             std::vector<DownloaderEntry>& entries) {
    const Run run{results, nodes, repeat, frames};
    const double copy_microseconds = 12.0 * static_cast<double>(nodes) / link_bytes_a_microsecond;
    WorkKernel light(0);
    WorkKernel heavy(2 * copy_microseconds);
    WorkKernel many_waves(2 * copy_microseconds, Occupancy::many_waves);
    WorkKernel one_wave(2 * copy_microseconds, Occupancy::one_wave);
    for (int round = 0; round < rounds; ++round) {
        const double alone = kernels_alone(heavy, frames);
        const std::string loop = "kernel of twice the copy's time";
        if (WorkKernel::available()) results.note(run.of((loop + ": frame").c_str(), "us"), "kernel alone", alone);
        take_turns(1, entries, [&](const DownloaderEntry& entry) {
            one_by_one(run, entry);
            frame_loop(run, entry, &light, "no kernel to wait for");
            frame_loop(run, entry, &heavy, loop.c_str());
            beside_another_stream(run, entry, light, many_waves, "another stream's kernel");
            beside_another_stream(run, entry, light, one_wave, "another stream's kernel, one wave");
        });
    }
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--frames", "--rounds", "--most", "--json"});
    triune::log::set_level(triune::log::Level::error);
    Measurements results("downloads");
    auto entries = triune_downloaders();
    for (auto& more : {raw_downloaders(), legacy_downloaders()})
        entries.insert(entries.end(), more.begin(), more.end());
    for (const std::size_t nodes : {10'000, 100'000, 1'000'000, 10'000'000}) {
        if (nodes > static_cast<std::size_t>(arguments.number("--most", 10'000'000))) break;
        const int share = nodes >= 10'000'000 ? 5 : 1;
        measure(results, nodes, arguments.number("--rounds", 5), std::max(1, arguments.number("--repeat", 30) / share),
                std::max(1, arguments.number("--frames", 100) / share), entries);
    }
    results.print();
    results.write_json(arguments.text("--json", ""));
}
