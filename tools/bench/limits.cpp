// SPDX-License-Identifier: Apache-2.0
// What this machine can do at most: the link to the device both ways, and copies on the device; and what the driver's
// calls cost that downloads, growths and first passes cannot do without.
//   triune_bench_limits [--repeat N] [--json FILE]
#include <cstddef>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/stream.hpp>

#include "arguments.hpp"
#include "device_array.hpp"
#include "measurements.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

void measure(Measurements& results, const char* name, void* to, const void* from, std::size_t bytes, int repeat) {
    triune::Device& device = triune::current_device();
    const triune::Stream stream;
    for (int i = -3; i < repeat; ++i) {  // what comes before 0 is to warm up
        const auto start = Clock::now();
        triune::check(device.copy(to, from, bytes, stream.handle()), "copying");
        stream.synchronize();
        const double seconds = nanoseconds_since(start) / 1e9;
        if (i >= 0) {
            results.note({name, "GB/s", 0, Better::more}, "limit", static_cast<double>(bytes) / 1e9 / seconds);
        }
    }
}

// Of one call, noted where `counts`.
template <typename Call>
void timed(Measurements& results, const char* name, std::size_t bytes, bool counts, Call&& call) {
    const auto start = Clock::now();
    triune::check(call(), name);
    if (counts) results.note({name, "us", static_cast<double>(bytes)}, "limit", microseconds_since(start));
}

void pin(Measurements& results, std::size_t bytes, int repeat) {
    triune::Device& device = triune::current_device();
    for (int i = -1; i < repeat; ++i) {
        void* host = nullptr;
        timed(results, "pinning host memory", bytes, i >= 0, [&] { return device.pinned_allocate(host, bytes); });
        timed(results, "releasing pinned memory", bytes, i >= 0, [&] { return device.pinned_release(host); });
    }
}

void map(Measurements& results, std::size_t bytes, int repeat) {
    triune::Device& device = triune::current_device();
    const auto once = [&](bool counts) {
        void* base = nullptr;
        triune::ChunkHandle chunk = 0;
        timed(results, "reserving addresses", bytes, counts, [&] { return device.address_reserve(base, bytes); });
        timed(results, "creating a chunk", bytes, counts, [&] { return device.chunk_create(chunk, bytes); });
        timed(results, "mapping it", bytes, counts, [&] { return device.map(base, chunk, bytes); });
        timed(results, "setting access to it", bytes, counts, [&] { return device.set_access(base, bytes); });
        timed(results, "unmapping it", bytes, counts, [&] { return device.unmap(base, bytes); });
        timed(results, "releasing it", bytes, counts, [&] { return device.chunk_release(chunk); });
        timed(results, "releasing addresses", bytes, counts, [&] { return device.address_release(base, bytes); });
    };
    for (int i = -1; i < repeat; ++i) once(i >= 0);  // the first pays for what was freed before
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--json"});
    const int repeat = arguments.number("--repeat", 20);
    Measurements results("limits");
    const triune::DeviceProperties& properties = triune::current_device().properties();
    const bool simulated = properties.kind == triune::DeviceKind::simulated;
    const std::size_t bytes = simulated ? 32 * triune::MiB : triune::GiB;
    const DeviceArray device(bytes);
    const DeviceArray other(bytes);
    const PinnedArray host(bytes / 4);
    measure(results, "link, device to host", host.data(), device.data(), bytes / 4, repeat);
    measure(results, "link, host to device", device.data(), host.data(), bytes / 4, repeat);
    measure(results, "copy on the device", other.data(), device.data(), bytes, repeat);
    for (const std::size_t megabytes : {12U, 120U}) pin(results, megabytes * 1'000'000, repeat);
    if (properties.virtual_memory) {
        for (const std::size_t size : {2 * triune::MiB, 64 * triune::MiB, triune::GiB}) {
            if (size <= bytes) map(results, triune::round_up(size, properties.chunk_granularity), repeat);
        }
    }
    results.print();
    results.write_json(arguments.text("--json", ""));
}
