// SPDX-License-Identifier: Apache-2.0
// Operations of the core on the simulated device, for instructions.py to count their instructions under callgrind,
// which counts what runs inside counted(): not what comes before it, nor the simulated device's own threads.
//   triune_bench_instructions OPERATION COUNT
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <latch>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/triune.hpp>

// Named in instructions.py: of C linkage, and never inlined.
extern "C" __attribute__((noinline)) void counted(const std::function<void()>& operation, long count) {
    for (long i = 0; i < count; ++i) operation();
}

namespace {

constexpr std::size_t live_buffers = 1000;

std::string name_of(std::size_t i) { return "buffer" + std::to_string(i); }

void fill(triune::GpuMemoryManager& manager) {
    for (std::size_t i = 0; i < live_buffers; ++i) static_cast<void>(manager.allocate<float>(name_of(i), 0));
}

// What no user calls: a bound for the pairs below.
void pooled_pair(long count) {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    auto& pool = manager.core()->resources->pool;
    counted([&] { pool.deallocate(pool.allocate(4096, stream.handle()), triune::StreamOrder::on(stream.handle())); },
            count);
}

// Beside threads that have drawn from the account too: none of them may cost a pair anything.
void address_pair(long count) {
    constexpr std::ptrdiff_t others = 63;
    triune::GpuMemoryManager manager;
    const triune::PoolAccount account(manager);
    const triune::Stream stream;
    const auto order = triune::StreamOrder::on(stream.handle());
    const auto pair = [&] { account.deallocate(account.allocate(4096, 256, order), order); };
    std::latch drawn(others + 1);
    std::latch over(1);
    std::vector<std::jthread> threads;
    for (std::ptrdiff_t i = 0; i < others; ++i) {
        threads.emplace_back([&] {
            pair();
            drawn.count_down();
            over.wait();
        });
    }
    drawn.arrive_and_wait();
    counted(pair, count);
    over.count_down();
}

void owned_pair(long count) {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    triune::BufferConfig config = triune::GpuMemoryManager::unbounded();
    config.zeroed = false;
    counted([&] { manager.make_buffer<float>("owned", 1024, config, stream.handle()).reset(stream.handle()); }, count);
}

void named_pair(long count, bool zeroed) {
    triune::GpuMemoryManager manager;
    const triune::Stream stream;
    triune::BufferConfig config;
    config.zeroed = zeroed;
    counted(
        [&] {
            static_cast<void>(manager.allocate<float>("named", 1024, config, stream.handle()));
            manager.free("named", stream.handle());
        },
        count);
}

void lookup(long count) {
    triune::GpuMemoryManager manager;
    fill(manager);
    const std::string known = name_of(live_buffers / 2);
    counted([&] { static_cast<void>(manager.get_buffer<float>(known)); }, count);
}

void leak_check(long count, bool of_different_sizes) {
    triune::GpuMemoryManager manager;
    fill(manager);
    for (std::size_t i = 0; i < live_buffers && of_different_sizes; ++i) {  // without memory behind them
        const auto buffer = manager.core()->registry.find(name_of(i));
        manager.core()->registry.resized(*buffer, 1 + i * 2654435761U % (4 * triune::MiB));
    }
    counted(
        [&] {
            if (manager.check_leaks().size() != live_buffers) std::abort();
        },
        count);
}

const std::map<std::string, void (*)(long)> operations{
    {"pooled pair", pooled_pair},
    {"pair by address", address_pair},
    {"owned pair, not zeroed", owned_pair},
    {"named pair", [](long count) { named_pair(count, true); }},
    {"named pair, not zeroed", [](long count) { named_pair(count, false); }},
    {"lookup", lookup},
    {"leak check", [](long count) { leak_check(count, false); }},
    {"leak check, different sizes", [](long count) { leak_check(count, true); }}};

}  // namespace

int main(int argc, char** argv) {
    const auto operation = argc == 3 ? operations.find(argv[1]) : operations.end();
    const long count = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 0;
    if (operation == operations.end() || count <= 0) {
        std::fputs("usage: triune_bench_instructions OPERATION COUNT, OPERATION one of:\n", stderr);
        for (const auto& [name, run] : operations) std::fprintf(stderr, "  %s\n", name.c_str());
        return 2;
    }
    triune::log::set_level(triune::log::Level::error);
    operation->second(count);
}
