// How long a buffer's growth to twice its size takes, by copying inside the pool and by mapping behind itself. The
// curve from which growth_policy.hpp takes its threshold.
//   triune_bench_growth [REPETITIONS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <triune/manage/device_resources.hpp>
#include <triune/manage/storage.hpp>
#include <triune/triune.hpp>

namespace {

using Clock = std::chrono::steady_clock;

struct Times {
    std::vector<double> call;   // microseconds until everything is queued
    std::vector<double> whole;  // microseconds until the stream is idle again
};

double microseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double quantile(std::vector<double> values, double q) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

// The steps of a growth from `bytes` to twice that, as growth.cpp takes them, but by the tier asked for, whatever the
// policy.
void measure(triune::DeviceResources& resources, const triune::Stream& stream, std::size_t bytes, bool by_mapping,
             Times& times) {
    using triune::Storage;
    triune::Device& device = resources.device;
    const auto order = triune::StreamOrder::on(stream.handle());
    Storage storage =
        by_mapping ? Storage::mapped(resources, bytes, 4 * bytes) : Storage::pooled(resources, bytes, stream.handle());
    triune::check(device.fill(storage.data(), 1, 1, bytes, stream.handle()), "filling");
    stream.synchronize();

    const auto start = Clock::now();
    if (by_mapping) {
        storage.commit(2 * bytes);
    } else {
        Storage larger = Storage::pooled(resources, 2 * bytes, stream.handle());
        triune::check(device.copy(larger.data(), storage.data(), bytes, stream.handle()), "copying");
        std::swap(storage, larger);
        larger.release(order);
    }
    triune::check(device.fill(storage.data() + bytes, 0, 1, bytes, stream.handle()), "zeroing");
    times.call.push_back(microseconds_since(start));
    stream.synchronize();
    times.whole.push_back(microseconds_since(start));
    storage.release(order);
}

}  // namespace

int main(int argc, char** argv) {
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 30;
    if (repetitions < 1) {
        std::fprintf(stderr, "usage: triune_bench_growth [REPETITIONS]\n");
        return 2;
    }
    const auto resources = triune::DeviceResources::of(triune::current_device());
    const triune::Stream stream(resources->device);
    std::printf("growth to twice the size on %s, microseconds, medians of %d (10%% and 90%% quantiles of the whole)\n",
                resources->device.properties().name.c_str(), repetitions);
    std::printf("%9s %12s %12s %21s %12s %12s %21s\n", "from MiB", "copy: call", "whole", "", "map: call", "whole", "");
    for (std::size_t bytes = triune::MiB; bytes <= 512 * triune::MiB; bytes *= 2) {
        Times copied;
        Times mapped;
        for (int i = -3; i < repetitions; ++i) {
            if (i == 0) copied = mapped = {};  // what came before was to warm up
            // The contestants take turns in going first.
            for (const bool by_mapping : {i % 2 == 0, i % 2 != 0}) {
                measure(*resources, stream, bytes, by_mapping, by_mapping ? mapped : copied);
            }
        }
        std::printf("%9zu %12.1f %12.1f (%8.1f..%8.1f) %12.1f %12.1f (%8.1f..%8.1f)\n", bytes / triune::MiB,
                    quantile(copied.call, 0.5), quantile(copied.whole, 0.5), quantile(copied.whole, 0.1),
                    quantile(copied.whole, 0.9), quantile(mapped.call, 0.5), quantile(mapped.whole, 0.5),
                    quantile(mapped.whole, 0.1), quantile(mapped.whole, 0.9));
    }
    return 0;
}
