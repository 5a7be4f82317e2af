// What an allocation and a free cost: one thread, many threads, random sizes, frees by another thread, the first
// allocation.
//   triune_bench_allocation [--repeat N] [--json PREFIX]
// Host time; nothing is queued on the streams. Contestants take turns, in an order that alternates from round to round.
#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <triune/device/stream.hpp>

#include "contestant.hpp"
#include "table.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

constexpr std::size_t KiB = 1024;
constexpr std::size_t MiB = 1024 * KiB;

// Nanoseconds a pair, of so many pairs.
double pairs(Contestant& contestant, std::size_t bytes, Stream stream, int count) {
    const auto start = Clock::now();
    for (int i = 0; i < count; ++i) contestant.deallocate(contestant.allocate(bytes, stream), bytes, stream);
    return nanoseconds_since(start) / count;
}

// Nanoseconds an operation: sizes from 1 B to 4 MiB, uniform, between 100 and 1000 blocks alive.
double random_sizes(Contestant& contestant, Stream stream, int count) {
    struct Live {
        Contestant::Piece piece;
        std::size_t bytes;
    };
    std::mt19937 random(1);
    std::uniform_int_distribution<std::size_t> size(1, 4 * MiB);
    std::vector<Live> live;
    std::vector<std::size_t> sizes(4096);
    for (std::size_t& each : sizes) each = size(random);
    std::vector<std::uint32_t> choices(4096);
    for (std::uint32_t& each : choices) each = static_cast<std::uint32_t>(random());
    live.reserve(1000);
    const auto start = Clock::now();
    for (int i = 0; i < count; ++i) {
        const std::uint32_t choice = choices[static_cast<std::size_t>(i) % choices.size()];
        if (live.size() < 100 || (live.size() < 1000 && choice % 2 == 0)) {
            const std::size_t bytes = sizes[static_cast<std::size_t>(i) % sizes.size()];
            live.push_back({contestant.allocate(bytes, stream), bytes});
        } else {
            Live& gone = live[choice / 2 % live.size()];
            contestant.deallocate(gone.piece, gone.bytes, stream);
            gone = live.back();
            live.pop_back();
        }
    }
    const double each = nanoseconds_since(start) / count;
    for (const Live& left : live) contestant.deallocate(left.piece, left.bytes, stream);
    return each;
}

// Million pairs a second of all threads together, each on a stream of its own; with `crossed`, each frees what its
// neighbour allocated, 1024 blocks at a time.
double threads(Contestant& contestant, int count, bool crossed, int pairs_each) {
    constexpr std::size_t bytes = 4 * KiB;
    constexpr std::size_t batch = 1024;
    std::vector<triune::Stream> streams;
    for (int i = 0; i < count; ++i) streams.emplace_back();
    std::vector<std::vector<Contestant::Piece>> handed(static_cast<std::size_t>(count));
    std::barrier all(count);
    std::vector<double> seconds(static_cast<std::size_t>(count));
    std::vector<std::thread> running;
    for (std::size_t me = 0; me < static_cast<std::size_t>(count); ++me) {
        running.emplace_back([&, me] {
            const std::size_t neighbour = (me + 1) % static_cast<std::size_t>(count);
            const Stream stream = streams[me].handle();
            const Stream theirs = streams[neighbour].handle();
            static_cast<void>(::pairs(contestant, bytes, stream, 1000));
            handed[me].resize(batch);
            all.arrive_and_wait();
            const auto start = Clock::now();
            if (!crossed) {
                static_cast<void>(::pairs(contestant, bytes, stream, pairs_each));
            } else {
                for (int done = 0; done < pairs_each; done += static_cast<int>(batch)) {
                    for (auto& piece : handed[me]) piece = contestant.allocate(bytes, stream);
                    all.arrive_and_wait();
                    for (auto& piece : handed[neighbour]) contestant.deallocate(piece, bytes, theirs);
                    all.arrive_and_wait();
                }
            }
            seconds[me] = nanoseconds_since(start) / 1e9;
        });
    }
    for (auto& thread : running) thread.join();
    return count * static_cast<double>(pairs_each) / *std::max_element(seconds.begin(), seconds.end()) / 1e6;
}

using Results = std::map<std::string, std::map<std::string, std::vector<double>>>;  // by case and contestant

void measure(const Entry& entry, int pairs_each, Results& results) {
    const auto note = [&](const std::string& name, double value) { results[name][entry.name].push_back(value); };
    const triune::Stream stream;
    const int few = entry.slow ? std::max(pairs_each / 1000, 20) : pairs_each;
    {
        const auto start = Clock::now();
        const auto contestant = entry.make();
        const auto piece = contestant->allocate(4 * KiB, stream.handle());
        note("first allocation, us", nanoseconds_since(start) / 1e3);
        contestant->deallocate(piece, 4 * KiB, stream.handle());
    }
    const auto contestant = entry.make();
    for (const auto& [name, bytes] :
         std::vector<std::pair<std::string, std::size_t>>{{"pair of 256 B, ns", 256},
                                                          {"pair of 4 KiB, ns", 4 * KiB},
                                                          {"pair of 1 MiB, ns", MiB},
                                                          {"pair of 16 MiB, ns", 16 * MiB}}) {
        static_cast<void>(pairs(*contestant, bytes, stream.handle(), few / 10 + 1));
        note(name, pairs(*contestant, bytes, stream.handle(), few));
    }
    static_cast<void>(random_sizes(*contestant, stream.handle(), few));
    note("random sizes, ns an operation", random_sizes(*contestant, stream.handle(), few));
    if (entry.slow) return;
    const int most = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    for (int count = 1; count <= std::min(16, most); count *= 2) {
        note("threads " + std::to_string(count) + ", M pairs/s", threads(*contestant, count, false, few / 2));
        if (count > 1)
            note("threads " + std::to_string(count) + " crossed, M pairs/s",
                 threads(*contestant, count, true, few / 16));
    }
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--pairs", "--json"});
    const int repeat = arguments.number("--repeat", 7);
    auto entries = contestants();
    std::vector<std::string> names;
    for (const Entry& entry : entries) names.push_back(entry.name);
    Results results;
    for (int round = 0; round < repeat; ++round) {
        for (const Entry& entry : entries) measure(entry, arguments.number("--pairs", 100000), results);
        std::reverse(entries.begin(), entries.end());
    }

    std::vector<std::string> columns{"case"};
    columns.insert(columns.end(), names.begin(), names.end());
    columns.insert(columns.end(), {"best peer/ours", "spread"});
    Table table(columns);
    for (const auto& [name, by_contestant] : results) {
        const bool more_is_better = name.find("pairs/s") != std::string::npos;
        std::vector<std::string> cells{name};
        double ours = 0;
        double best = 0;
        for (const std::string& who : names) {
            const auto found = by_contestant.find(who);
            if (found == by_contestant.end()) {
                cells.push_back("-");
                continue;
            }
            const double median = quantile(found->second, 0.5);
            cells.push_back(fixed(median, more_is_better ? 2 : 1));
            if (who == names.front()) {
                ours = median;
            } else if (best == 0 || (more_is_better ? median > best : median < best)) {
                best = median;
            }
        }
        const double ratio = best == 0 ? 0 : more_is_better ? ours / best : best / ours;
        const auto& mine = by_contestant.at(names.front());
        cells.push_back(best == 0 ? "-" : fixed(ratio, 2));
        cells.push_back(fixed(quantile(mine, 0.1), 1) + ".." + fixed(quantile(mine, 0.9), 1));
        table.row(cells);
    }
    table.print();
    table.write_json(arguments.text("--json", ""), "allocation");
}
