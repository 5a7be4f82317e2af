// SPDX-License-Identifier: Apache-2.0
// What this machine can do at most: the link to the device both ways, and copies on the device.
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

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--json"});
    const int repeat = arguments.number("--repeat", 20);
    Measurements results("limits");
    const bool simulated = triune::current_device().properties().kind == triune::DeviceKind::simulated;
    const std::size_t bytes = simulated ? 32 * triune::MiB : triune::GiB;
    const DeviceArray device(bytes);
    const DeviceArray other(bytes);
    const PinnedArray host(bytes / 4);
    measure(results, "link, device to host", host.data(), device.data(), bytes / 4, repeat);
    measure(results, "link, host to device", device.data(), host.data(), bytes / 4, repeat);
    measure(results, "copy on the device", other.data(), device.data(), bytes, repeat);
    results.print();
    results.write_json(arguments.text("--json", ""));
}
