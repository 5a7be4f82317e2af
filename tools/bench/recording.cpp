// SPDX-License-Identifier: Apache-2.0
// What a recording costs whoever allocates: an operation by the public doors, an allocation or a free, with the recorder
// off, in memory and to a file. "added" is what it adds to an operation of a thread that makes a million a second.
//   triune_bench_recording [--repeat N] [--pairs N] [--json FILE]
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <triune/base/log.hpp>
#include <triune/device/stream.hpp>
#include <triune/manage/manager.hpp>
#include <triune/resource/pool_account.hpp>
#include <triune/track/recorder.hpp>

#include "arguments.hpp"
#include "measurements.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

constexpr std::size_t bytes = 4 * triune::KiB;
constexpr double period = 1000;  // nanoseconds, of a million operations a second

struct Door {
    std::string name;
    std::function<void(std::size_t pairs)> pairs;
};

enum class Mode { off, memory, file };

std::string file_name() {
    const char* const folder = std::getenv("TMPDIR");
    return std::string(folder == nullptr ? "/tmp" : folder) + "/triune_bench_recording.jsonl";
}

// Nanoseconds an operation.
double measure(const Door& door, Mode mode, std::size_t pairs) {
    triune::recorder::Options options;
    if (mode == Mode::file) options.file = file_name();
    if (mode != Mode::off) triune::recorder::start(options);
    door.pairs(pairs / 8);
    const auto start = Clock::now();
    door.pairs(pairs);
    const double each = nanoseconds_since(start) / static_cast<double>(2 * pairs);
    triune::recorder::stop();
    return each;
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--pairs", "--json"});
    const int repeat = arguments.number("--repeat", 15);
    const auto pairs = static_cast<std::size_t>(arguments.number("--pairs", 100'000));
    triune::log::set_level(triune::log::Level::error);
    Measurements results("recording");
    auto manager = triune::GpuMemoryManager::with_limit(std::size_t{1} << 40);
    const triune::Stream stream;
    const triune::StreamOrder order = triune::StreamOrder::on(stream.handle());
    const triune::PoolAccount account(manager, "bench");
    triune::BufferConfig config = triune::GpuMemoryManager::unbounded();
    config.zeroed = false;
    std::vector<Door> doors;
    doors.push_back({"PoolAccount", [&](std::size_t count) {
                         for (std::size_t i = 0; i < count; ++i)
                             account.deallocate(account.allocate(bytes, 256, order), order);
                     }});
    doors.push_back({"make_buffer", [&](std::size_t count) {
                         for (std::size_t i = 0; i < count; ++i)
                             static_cast<void>(manager.make_buffer<char>("bench", bytes, config, stream.handle()));
                     }});
    for (int round = 0; round < repeat; ++round) {
        for (const Door& door : doors) {
            const double off = measure(door, Mode::off, pairs);
            results.note({door.name + ": an operation, off", "ns"}, "triune", off);
            for (const auto& [mode, name] : {std::pair{Mode::memory, "in memory"}, std::pair{Mode::file, "to a file"}}) {
                const double on = measure(door, mode, pairs);
                results.note({door.name + ": an operation, " + name, "ns"}, "triune", on);
                results.note({door.name + ": added at a million a second, " + name, "%"}, "triune",
                             100 * (on - off) / period);
            }
        }
    }
    std::remove(file_name().c_str());
    results.print();
    results.write_json(arguments.text("--json", ""));
}
