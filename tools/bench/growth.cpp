// SPDX-License-Identifier: Apache-2.0
// Growing an array to twice its size, contents kept: on an idle device and beside a kernel of about 12 ms on another
// stream. The curves from which growth_policy.hpp takes its threshold.
//   triune_bench_growth [--repeat N] [--busy N] [--rounds N] [--least BYTES] [--most BYTES] [--json FILE]
// Host time of the call, time until the stream is idle again, how much longer the kernel takes, device memory held at
// the peak beyond what the larger array needs, bytes copied. Triune also zeroes what is new, the others do not.
#include <cstdio>
#include <functional>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/units.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/stream.hpp>

#include "arguments.hpp"
#include "grower.hpp"
#include "measurements.hpp"
#include "timing.hpp"
#include "work_kernel.hpp"

namespace {

using namespace bench;

constexpr double kernel_microseconds = 12000;

std::size_t used_bytes() {
    triune::DeviceMemoryInfo info;
    triune::check(triune::current_device().memory_info(info), "asking for the free memory");
    return info.total_bytes - info.free_bytes;
}

void begin(Grower& grower, std::size_t bytes, const triune::Stream& stream) {
    grower.begin(bytes, 2 * bytes, stream.handle());
    triune::check(triune::current_device().fill(grower.data(), 1, 1, bytes, stream.handle()), "filling");
    triune::check(triune::current_device().synchronize(), "idling");
}

class Run {
  public:
    Run(Measurements& results, std::size_t bytes) : results_(results), bytes_(bytes) {}

    // What is held where most is, beyond twice the bytes; and what was copied. The first growth of all: nothing is
    // cached.
    void memory(const GrowerEntry& entry) {
        const auto grower = entry.make();
        grower->end(stream_.handle());
        const std::size_t before = used_bytes();
        begin(*grower, bytes_, stream_);
        const void* const place = grower->data();
        std::size_t peak = 0;
        grower->grow(2 * bytes_, stream_.handle(), [&] { peak = used_bytes(); });
        const std::size_t held = peak - std::min(peak, before);
        const bool moved = grower->data() != place;
        note("extra memory at the peak", "MiB", entry,
             static_cast<double>(held - std::min(held, 2 * bytes_)) / static_cast<double>(triune::MiB));
        note("bytes copied", "MiB", entry, moved ? static_cast<double>(bytes_) / static_cast<double>(triune::MiB) : 0);
        stream_.synchronize();
        grower->end(stream_.handle());
    }

    void idle(const GrowerEntry& entry, int repeat) {
        const auto grower = entry.make();
        for (int i = -2; i < repeat; ++i) {  // what comes before 0 is to warm up
            begin(*grower, bytes_, stream_);
            const auto start = Clock::now();
            grower->grow(2 * bytes_, stream_.handle(), {});
            const double call = microseconds_since(start);
            stream_.synchronize();
            const double whole = microseconds_since(start);
            if (i < 0) continue;
            note("idle: call", "us", entry, call);
            note("idle: whole", "us", entry, whole);
        }
        grower->end(stream_.handle());
    }

    void busy(const GrowerEntry& entry, WorkKernel& kernel, int repeat) {
        const auto grower = entry.make();
        for (int i = -1; i < repeat; ++i) {
            begin(*grower, bytes_, stream_);
            kernel.launch(kernels_.handle());
            const double alone = kernel.microseconds();
            kernel.launch(kernels_.handle());
            while (!kernel.began()) {
            }
            const auto start = Clock::now();
            grower->grow(2 * bytes_, stream_.handle(), {});
            const double call = microseconds_since(start);
            stream_.synchronize();
            const double whole = microseconds_since(start);
            const double beside = kernel.microseconds();
            if (i < 0) continue;
            note("busy: call", "us", entry, call);
            note("busy: whole", "us", entry, whole);
            note("busy: kernel slowed by", "us", entry, beside - alone);
        }
        grower->end(stream_.handle());
    }

  private:
    void note(const char* name, const char* unit, const GrowerEntry& entry, double value) {
        results_.note({name, unit, static_cast<double>(bytes_)}, entry.name, value);
    }

    Measurements& results_;
    std::size_t bytes_;
    triune::Stream stream_;
    triune::Stream kernels_;
};

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--busy", "--rounds", "--least", "--most", "--json"});
    triune::log::set_level(triune::log::Level::error);
    const bool simulated = triune::current_device().properties().kind == triune::DeviceKind::simulated;
    const std::size_t least = std::stoull(arguments.text("--least", "4096"));
    const std::size_t most = std::stoull(arguments.text("--most", simulated ? "16777216" : "4294967296"));
    const int rounds = arguments.number("--rounds", 3);
    Measurements results("growth");
    auto entries = triune_growers();
    const auto add = [&entries](std::vector<GrowerEntry> more) {
        entries.insert(entries.end(), more.begin(), more.end());
    };
    add(driver_growers());
    add(copying_growers());
#ifdef BENCH_RMM
    add(rmm_growers());
#endif
    WorkKernel kernel(kernel_microseconds);
    for (std::size_t bytes = least; bytes <= most; bytes *= 4) {
        Run run(results, bytes);
        const auto can = [&](const GrowerEntry& entry) { return bytes >= entry.least_bytes; };
        for (const GrowerEntry& entry : entries) {
            if (can(entry)) run.memory(entry);
        }
        // The largest take long and vary little.
        const int share = bytes > triune::GiB ? 4 : 1;
        take_turns(rounds, entries, [&](const GrowerEntry& entry) {
            if (!can(entry)) return;
            run.idle(entry, std::max(1, arguments.number("--repeat", 12) / share));
            if (WorkKernel::available()) run.busy(entry, kernel, std::max(1, arguments.number("--busy", 4) / share));
        });
        std::fprintf(stderr, "growth from %zu bytes is done\n", bytes);
    }
    results.print();
    results.write_json(arguments.text("--json", ""));
}
