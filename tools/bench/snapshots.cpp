// SPDX-License-Identifier: Apache-2.0
// How long a snapshot's copy into three vectors takes, by one thread and by three. The curve from which node_views.hpp
// takes its threshold. Needs no GPU: pageable memory stands for the pinned.
//   triune_bench_snapshots [--repeat N] [--json FILE]
#include <memory>
#include <vector>

#include <triune/graph/node_views.hpp>

#include "arguments.hpp"
#include "measurements.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

// As a viewer holds them: the last frame's vectors go when the new ones are there.
void measure(Measurements& results, const triune::NodeViews& views, bool with_threads, int repetitions) {
    const Case what{"three vectors", "us", static_cast<double>(views.size())};
    triune::NodeVectors held;
    for (int i = -3; i < repetitions; ++i) {
        const Clock::time_point start = Clock::now();
        triune::NodeVectors now = views.to_vectors(with_threads);
        if (i >= 0) results.note(what, with_threads ? "three threads" : "one thread", microseconds_since(start));
        held = std::move(now);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--repeat", "--json"});
    const int repetitions = arguments.number("--repeat", 50);
    Measurements results("snapshots");
    for (const std::size_t nodes :
         {10'000, 20'000, 50'000, 100'000, 200'000, 500'000, 1'000'000, 2'000'000, 5'000'000, 10'000'000}) {
        const auto values = std::make_shared<std::vector<float>>(3 * nodes, 1.0F);
        const float* const first = values->data();
        const triune::NodeViews views{
            {values, first, nodes, 1}, {values, first + nodes, nodes, 1}, {values, first + 2 * nodes, nodes, 1}};
        for (const bool with_threads : {false, true, true, false}) {  // taking turns in going first
            measure(results, views, with_threads, repetitions);
        }
    }
    results.print();
    results.write_json(arguments.text("--json", ""));
}
