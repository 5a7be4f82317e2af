// SPDX-License-Identifier: Apache-2.0
// What the books of a manager cost on the host where many buffers live: bytes a buffer, lookups, leak checks. The
// buffers hold no memory. doors.cpp has what allocations and frees cost.
//   triune_bench_bookkeeping [--buffers N] [--rounds N] [--json FILE]
#include <malloc.h>

#include <cstdlib>
#include <string>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/triune.hpp>

#include "arguments.hpp"
#include "measurements.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

std::size_t host_bytes() { return mallinfo2().uordblks + mallinfo2().hblkhd; }

// Notes so many rounds of what a call takes, of `repetitions` calls each, after one to warm up.
template <typename Call>
void note_microseconds(Measurements& results, const Case& what, const char* who, int rounds, int repetitions,
                       Call&& call) {
    for (int round = -1; round < rounds; ++round) {
        const auto start = Clock::now();
        for (int i = 0; i < repetitions; ++i) call();
        if (round >= 0) results.note(what, who, microseconds_since(start) / repetitions);
    }
}

std::string name_of(std::size_t i) { return "buffer" + std::to_string(i); }

// A manager's book of `count` live buffers, all of one size or of many.
void books(Measurements& results, std::size_t count, bool of_one_size, int rounds) {
    triune::GpuMemoryManager manager;
    const auto x = static_cast<double>(count);
    const std::size_t before = host_bytes();
    for (std::size_t i = 0; i < count; ++i) static_cast<void>(manager.allocate<float>(name_of(i), 0));
    results.note({"host bytes a buffer, its name included", "B", x}, "triune",
                 static_cast<double>(host_bytes() - before) / x);
    // Capacities without memory behind them: the books alone are measured.
    for (std::size_t i = 0; i < count && !of_one_size; ++i) {
        const auto buffer = manager.core()->registry.find(name_of(i));
        manager.core()->registry.resized(*buffer, 1 + i * 2654435761U % (4 * triune::MiB));
    }
    note_microseconds(results, {of_one_size ? "leak check, equal sizes" : "leak check, different sizes", "us", x},
                      "triune", count > 10000 ? rounds : 20 * rounds, 1, [&] {
                          if (manager.check_leaks().size() != count) std::abort();
                      });
    const std::string known = name_of(count / 2);
    note_microseconds(results, {"lookup by name", "us", x}, "triune", rounds, 1000,
                      [&] { static_cast<void>(manager.get_buffer<float>(known)); });
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--buffers", "--rounds", "--json"});
    const int rounds = arguments.number("--rounds", 21);
    triune::log::set_level(triune::log::Level::error);
    Measurements results("bookkeeping");
    for (const int count : {1000, arguments.number("--buffers", 1'000'000)}) {
        const auto many = static_cast<std::size_t>(count);
        for (const bool of_one_size : {true, false}) books(results, many, of_one_size, count > 10000 ? 5 : rounds);
    }
    results.print();
    results.write_json(arguments.text("--json", ""));
}
