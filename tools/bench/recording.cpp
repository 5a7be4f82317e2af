// SPDX-License-Identifier: Apache-2.0
// What a recording costs whoever allocates: an operation by the public doors, an allocation or a free, with the
// recorder off, in memory and to a file. "added" is what it adds to an operation of a thread that makes a million a
// second. Times are of the processor, of this thread alone: so neither other programs nor the recorder's own thread
// count.
//   triune_bench_recording [--repeat N] [--pairs N] [--kib N] [--json FILE]
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <triune/base/log.hpp>
#include <triune/device/stream.hpp>
#include <triune/manage/manager.hpp>
#include <triune/resource/pool_account.hpp>
#include <triune/track/recorder.hpp>

#include "arguments.hpp"
#include "measurements.hpp"

namespace {

using namespace bench;

constexpr std::size_t bytes = 256;  // the simulated device writes over what is freed
constexpr double period = 1000;     // nanoseconds, of a million operations a second

struct Door {
    std::string name;
    std::function<void(std::size_t pairs)> pairs;
};

enum class Mode { off, memory, file };

std::string file_name() {
    const char* const folder = std::getenv("TMPDIR");
    return std::string(folder == nullptr ? "/tmp" : folder) + "/triune_bench_recording.jsonl";
}

double nanoseconds_of_this_thread() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

// Nanoseconds an operation.
double measure(const Door& door, Mode mode, std::size_t pairs, std::size_t bytes_per_thread) {
    triune::recorder::Options options;
    options.bytes_per_thread = bytes_per_thread;
    if (mode == Mode::file) options.file = file_name();
    if (mode != Mode::off) triune::recorder::start(options);
    door.pairs(pairs / 8);
    const double start = nanoseconds_of_this_thread();
    door.pairs(pairs);
    const double each = (nanoseconds_of_this_thread() - start) / static_cast<double>(2 * pairs);
    triune::recorder::stop();
    return each;
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--pairs", "--kib", "--json"});
    const int repeat = arguments.number("--repeat", 15);
    const auto pairs = static_cast<std::size_t>(arguments.number("--pairs", 100'000));
    const auto each_thread = static_cast<std::size_t>(arguments.number("--kib", 4096)) * triune::KiB;
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
    // The recorder's part of that alone, which the differences of long operations hide.
    doors.push_back({"the recorder's part", [&](std::size_t count) {
                         for (std::size_t i = 0; i < 2 * count; ++i) {
                             if (!triune::recorder::is_on()) continue;
                             triune::MemoryEvent event;
                             event.name = "the bench's buffer";
                             event.has_name = true;
                             event.manager = 1;
                             event.id = event.bytes = i;
                             triune::recorder::note(event);
                         }
                     }});
    for (int round = 0; round < repeat; ++round) {
        for (const Door& door : doors) {
            const double off = measure(door, Mode::off, pairs, each_thread);
            results.note({door.name + ": an operation, off", "ns"}, "triune", off);
            for (const auto& [mode, name] :
                 {std::pair{Mode::memory, "in memory"}, std::pair{Mode::file, "to a file"}}) {
                const double on = measure(door, mode, pairs, each_thread);
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
