// How long a snapshot's copy into three vectors takes, by one thread and by three. The curve from which node_views.hpp
// takes its threshold. Needs no GPU: pageable memory stands for the pinned.
//   triune_bench_snapshots [REPETITIONS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include <triune/graph/node_views.hpp>

namespace {

using Clock = std::chrono::steady_clock;

double quantile(std::vector<double> values, double q) {
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

// As a viewer holds them: the last frame's vectors go when the new ones are there.
std::vector<double> microseconds(const triune::NodeViews& views, bool with_threads, int repetitions) {
    std::vector<double> times;
    triune::NodeVectors held;
    for (int i = -3; i < repetitions; ++i) {
        const Clock::time_point start = Clock::now();
        triune::NodeVectors now = views.to_vectors(with_threads);
        if (i >= 0) times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
        held = std::move(now);
    }
    return times;
}

}  // namespace

int main(int argc, char** argv) {
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 50;
    if (repetitions < 1) {
        std::fprintf(stderr, "usage: triune_bench_snapshots [REPETITIONS]\n");
        return 2;
    }
    std::printf("a snapshot into three vectors, microseconds, medians of 2 x %d (10%% and 90%% quantiles)\n",
                repetitions);
    std::printf("%9s %12s %23s %13s\n", "nodes", "one thread", "", "three threads");
    for (const std::size_t nodes :
         {10'000, 20'000, 50'000, 100'000, 200'000, 500'000, 1'000'000, 2'000'000, 5'000'000, 10'000'000}) {
        const auto values = std::make_shared<std::vector<float>>(3 * nodes, 1.0F);
        const float* const first = values->data();
        const triune::NodeViews views{
            {values, first, nodes, 1}, {values, first + nodes, nodes, 1}, {values, first + 2 * nodes, nodes, 1}};
        std::vector<double> times[2];
        for (const bool with_threads : {false, true, true, false}) {  // taking turns in going first
            const std::vector<double> more = microseconds(views, with_threads, repetitions);
            times[with_threads].insert(times[with_threads].end(), more.begin(), more.end());
        }
        std::printf("%9zu", nodes);
        for (const auto& each : times) {
            std::printf(" %12.1f (%9.1f..%9.1f)", quantile(each, 0.5), quantile(each, 0.1), quantile(each, 0.9));
        }
        std::printf("\n");
    }
    return 0;
}
