// What the books of a manager cost on the host: bytes a live buffer, named against unnamed allocation, lookups, leak
// checks. Runs on the simulated device, whose own work is not in the figures but for the rows that allocate memory.
//   triune_bench_bookkeeping [BUFFERS]
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <triune/device/sim/sim_device.hpp>
#include <triune/manage/buffer_state.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/triune.hpp>

namespace {

using Clock = std::chrono::steady_clock;

std::size_t host_bytes() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

double microseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

// The median over `rounds` of what a call takes, of `repetitions` calls each.
template <typename Call>
double median_microseconds(int rounds, int repetitions, Call&& call) {
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Clock::now();
        for (int i = 0; i < repetitions; ++i) call();
        times.push_back(microseconds_since(start) / repetitions);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

std::string name_of(std::size_t i) { return "buffer" + std::to_string(i); }

triune::sim::SimOptions large() {
    triune::sim::SimOptions options;
    options.capacity_bytes = 8 * triune::GiB;
    return options;
}

void leak_check(triune::Device& device, std::size_t count, bool of_one_size) {
    triune::GpuMemoryManager manager(device);
    const std::size_t before = host_bytes();
    for (std::size_t i = 0; i < count; ++i) static_cast<void>(manager.allocate<float>(name_of(i), 0));
    const double bytes = static_cast<double>(host_bytes() - before) / static_cast<double>(count);
    // Capacities without memory behind them: the books alone are measured.
    for (std::size_t i = 0; i < count && !of_one_size; ++i) {
        const auto buffer = manager.core()->registry.find(name_of(i));
        manager.core()->registry.resized(*buffer, 1 + i * 2654435761U % (4 * triune::MiB));
    }
    const double check = median_microseconds(count > 10000 ? 5 : 1001, 1, [&] {
        if (manager.check_leaks().size() != count) std::abort();
    });
    const std::string known = name_of(count / 2);
    const double lookup = median_microseconds(101, 1000, [&] { static_cast<void>(manager.get_buffer<float>(known)); });
    std::printf("%9zu %-9s %18.1f %18.4f %18.1f\n", count, of_one_size ? "equal" : "different", bytes, lookup, check);
}

}  // namespace

int main(int argc, char** argv) {
    const long most = argc > 1 ? std::atol(argv[1]) : 1'000'000;
    if (most < 1) {
        std::fprintf(stderr, "usage: triune_bench_bookkeeping [BUFFERS]\n");
        return 2;
    }
    triune::log::set_level(triune::log::Level::error);
    triune::sim::SimDevice device(large());
    std::printf("bookkeeping, microseconds, medians; a BufferState has %zu bytes\n\n", sizeof(triune::BufferState));

    std::printf("%9s %-9s %18s %18s %18s\n", "buffers", "sizes", "host bytes each", "lookup by name", "leak check");
    for (const std::size_t count : {std::size_t{1000}, static_cast<std::size_t>(most)}) {
        leak_check(device, count, true);
        leak_check(device, count, false);
    }

    triune::GpuMemoryManager manager(device);
    const triune::Stream stream(device);
    const auto handle = stream.handle();
    const auto empty = median_microseconds(51, 1000, [&] {
        static_cast<void>(manager.allocate<float>("named", 0));
        manager.free("named", handle);
    });
    const auto owned =
        median_microseconds(51, 100, [&] { manager.make_buffer<float>("owned", 1024, {}, handle).reset(handle); });
    const auto named = median_microseconds(51, 100, [&] {
        static_cast<void>(manager.allocate<float>("named", 1024, {}, handle));
        manager.free("named", handle);
    });
    const auto pooled = median_microseconds(51, 100, [&] {
        auto& pool = manager.core()->resources->pool;
        pool.deallocate(pool.allocate(4096, handle), triune::StreamOrder::on(handle));
    });
    std::printf(
        "\nallocate and free: the books alone %.3f, 4 KiB named %.3f, by an owner %.3f, a block of the pool %.3f\n",
        empty, named, owned, pooled);
    return 0;
}
