// SPDX-License-Identifier: Apache-2.0
// What a process pays once: its first allocation, first graph or group, first download. Each figure is of a process of its own,
// in which CUDA has started before: that has a row too.
//   triune_bench_first_use [--rounds N] [--nodes N] [--json FILE]
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/units.hpp>
#include <triune/device/devices.hpp>
#include <triune/device/stream.hpp>

#include "arguments.hpp"
#include "contestant.hpp"
#include "downloader.hpp"
#include "measurements.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

constexpr std::size_t first_bytes = 4 * triune::KiB;

// One process: what it measures, in microseconds, a value a case of `Subject::cases`.
struct Subject {
    std::string name;
    std::vector<std::string> cases;
    std::function<std::vector<double>(const triune::Stream& stream)> measure;
};

// The least that memory in a reservation can cost: four calls of the driver, each the first of its kind.
std::vector<double> driver_calls(const triune::Stream&) {
    triune::Device& device = triune::current_device();
    const std::size_t bytes = device.properties().chunk_granularity;
    void* base = nullptr;
    triune::ChunkHandle chunk = 0;
    const auto start = Clock::now();
    triune::check(device.address_reserve(base, bytes), "reserving");
    triune::check(device.chunk_create(chunk, bytes), "creating a chunk");
    triune::check(device.map(base, chunk, bytes), "mapping");
    triune::check(device.set_access(base, bytes), "setting access");
    return {microseconds_since(start)};  // the process's end gives it back
}

std::vector<double> allocation(const Entry& entry, const triune::Stream& stream) {
    const auto start = Clock::now();
    const auto contestant = entry.make();
    const auto piece = contestant->allocate(first_bytes, stream.handle());
    const double whole = microseconds_since(start);
    contestant->deallocate(piece, first_bytes, stream.handle());
    return {whole};
}

std::vector<double> downloads(const DownloaderEntry& entry, std::size_t nodes) {
    const auto start = Clock::now();
    const auto downloader = entry.make(nodes);
    const double made = microseconds_since(start);
    const auto called = Clock::now();
    downloader->start();
    static_cast<void>(downloader->take());
    return {made, microseconds_since(called)};
}

std::vector<Subject> subjects(std::size_t nodes) {
    std::vector<Subject> all = {{"driver calls", {"first allocation"}, driver_calls}};
    for (const Entry& entry : contestants()) {
        all.push_back({entry.name, {"first allocation"},
                       [entry](const triune::Stream& stream) { return allocation(entry, stream); }});
    }
    for (const auto& entries : {triune_downloaders(), raw_downloaders(), legacy_downloaders()}) {
        for (const DownloaderEntry& entry : entries) {
            all.push_back({entry.name, {"first arrays", "first download"},
                           [entry, nodes](const triune::Stream&) { return downloads(entry, nodes); }});
        }
    }
    return all;
}

// In the process that is measured. What it found goes to stdout, a value a line: CUDA's start, then the cases.
int be_measured(const std::vector<Subject>& all, std::string_view index) {
    const Subject& subject = all.at(std::stoul(std::string(index)));
    const auto start = Clock::now();
    const triune::Stream stream;  // opens the device
    triune::check(triune::current_device().synchronize(), "starting CUDA");
    std::printf("%.17g\n", microseconds_since(start));
    for (const double value : subject.measure(stream)) std::printf("%.17g\n", value);
    std::fflush(stdout);
    std::_Exit(0);  // what it holds goes with the process
}

std::vector<double> values_of_process(const std::string& program, std::size_t index, std::size_t nodes) {
    const std::string command = "'" + program + "' --nodes " + std::to_string(nodes) + " --measured " + std::to_string(index);
    std::FILE* const output = popen(command.c_str(), "r");
    if (output == nullptr) throw std::runtime_error("'" + command + "' cannot be started");
    std::vector<double> values;
    for (double value = 0; std::fscanf(output, "%lf", &value) == 1;) values.push_back(value);
    if (pclose(output) != 0) throw std::runtime_error("'" + command + "' failed");
    return values;
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--rounds", "--nodes", "--measured", "--json"});
    triune::log::set_level(triune::log::Level::error);
    const auto nodes = static_cast<std::size_t>(arguments.number("--nodes", 100'000));
    const auto all = subjects(nodes);
    if (const std::string index = arguments.text("--measured", ""); !index.empty()) return be_measured(all, index);
    Measurements results("first_use");
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    take_turns(arguments.number("--rounds", 7), order, [&](std::size_t index) {
        const Subject& subject = all[index];
        const auto values = values_of_process(argv[0], index, nodes);
        if (values.size() != subject.cases.size() + 1) throw std::runtime_error(subject.name + " says too little");
        results.note({"CUDA's start", "us"}, "limit", values[0]);
        for (std::size_t i = 0; i < subject.cases.size(); ++i)
            results.note({subject.cases[i], "us"}, subject.name, values[i + 1]);
    });
    results.print();
    results.write_json(arguments.text("--json", ""));
}
