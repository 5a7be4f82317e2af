// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"
#include "utils/gpu_memory.hpp"

#include <stdexcept>

void streams_and_labels(std::ostream& out) {
    utils::MultiStreamManager streams;
    for (int i = 0; i < 4; ++i) {
        const utils::Stream* const next = &streams.get_next_stream();
        out << (next == &streams.get_compute_stream()) << (next == &streams.get_memory_stream())
            << (next == &streams.get_analysis_stream()) << '\n';
    }
    streams.synchronize_all();
    auto waiting = streams.synchronize_async();
    waiting.get();
    utils::MultiStreamManager moved(std::move(streams));
    streams = utils::MultiStreamManager();
    streams.get_compute_stream().synchronize();

    utils::LabelMappingCache cache;
    const auto twice = [](const utils::LabelMappingCache::Labels& labels) {
        auto result = labels;
        for (auto& label : result) label *= 2;
        return result;
    };
    const auto stats = [&] {
        const auto [hits, misses, rate] = cache.get_cache_stats();
        out << hits << ' ' << misses << ' ' << rate << '\n';
    };
    stats();
    for (int i = 0; i < 1005; ++i) cache.get_or_compute_mapping({i}, twice);
    stats();
    for (int i = 0; i < 1005; i += 100) print(out, "labels", cache.get_or_compute_mapping({i, i}, twice));
    for (int i = 0; i < 1005; i += 100) cache.get_or_compute_mapping({i}, twice);
    stats();
    try {
        cache.get_or_compute_mapping({-1}, [](const auto& labels) -> utils::LabelMappingCache::Labels {
            throw std::logic_error("no labels for " + std::to_string(labels[0]));
        });
    } catch (const std::logic_error& error) {
        out << error.what() << '\n';
    }
    stats();
}
