// SPDX-License-Identifier: Apache-2.0
// Bounded exhaustive sequences: every one up to a length over a small alphabet, with the invariants checked after each
// step. See docs/testing.md.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <thread>

#include <triune/base/log.hpp>

#include "explorer.hpp"
#include "failing_runs.hpp"
#include "random_walk.hpp"
#include "shards.hpp"
#include "shrinking.hpp"

using namespace triune;
using namespace triune::sequences;

namespace {

struct Options {
    std::string alphabet;  // empty: all of them
    std::string run;       // one sequence
    std::size_t first = 1;
    std::size_t length = 0;  // 0: the alphabet's own
    std::size_t jobs = std::max(1U, std::thread::hardware_concurrency());
    std::size_t less = 0;  // so much shorter than the alphabet's own
    bool full = false;
    bool shrink = false;       // the one sequence
    std::size_t failures = 0;  // of so many sequences one is run again for each call of the device, which fails then
    std::size_t random = 0;    // so many random ones instead of all
    unsigned seed = 1;
};

[[noreturn]] void explain(const std::string& wrong) {
    std::printf(
        "%s\nsequences [--alphabet NAME] [--first N] [--length N] [--full] [--less N] [--jobs N]\n"
        "          [--failures EVERY] [--random COUNT [--seed N]] [--run \"LETTER ...\" [--shrink]]\n",
        wrong.c_str());
    for (const Alphabet& alphabet : alphabets()) {
        Sequence all(alphabet.letters.size());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
        std::printf("  %s: %s\n", alphabet.name.c_str(), text_of(alphabet, all).c_str());
    }
    std::exit(2);
}

Options read(int count, char** words) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        if (word == "--full") {
            options.full = true;
            continue;
        }
        if (word == "--shrink") {
            options.shrink = true;
            continue;
        }
        if (++i == count) explain(word + " is unknown or needs a value");
        const std::string value = words[i];
        if (word == "--alphabet") {
            options.alphabet = value;
        } else if (word == "--run") {
            options.run = value;
        } else if (word == "--first") {
            options.first = std::stoul(value);
        } else if (word == "--length") {
            options.length = std::stoul(value);
        } else if (word == "--less") {
            options.less = std::stoul(value);
        } else if (word == "--failures") {
            options.failures = std::stoul(value);
        } else if (word == "--random") {
            options.random = std::stoul(value);
        } else if (word == "--seed") {
            options.seed = static_cast<unsigned>(std::stoul(value));
        } else if (word == "--jobs") {
            options.jobs = std::stoul(value);
        } else {
            explain(word + " is unknown");
        }
    }
    return options;
}

std::size_t run_lengths(const Alphabet& alphabet, const Options& options) {
    const std::size_t own = (options.full ? alphabet.full_length : alphabet.length) - options.less;
    const std::size_t last = options.length != 0 ? options.length : own;
    std::size_t faults = 0;
    for (std::size_t length = options.first; length <= last && faults == 0; ++length) {
        const auto begin = std::chrono::steady_clock::now();
        std::size_t number = 0;
        Afterwards afterwards;
        if (options.failures > 0) {
            afterwards = [&](std::span<const std::size_t> sequence) {
                return number++ % options.failures == 0 ? run_with_failures(alphabet, sequence) : 0;
            };
        }
        const Tally tally = run_all(
            alphabet, options.jobs, [&](Share share) { return std::make_unique<Explorer>(alphabet, length, share); },
            afterwards);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        std::printf("%s, length %zu: %zu sequences, %zu more runs with failures, %zu faults, %.1f s\n",
                    alphabet.name.c_str(), length, tally.sequences, tally.more_runs, tally.faults, seconds);
        std::fflush(stdout);
        faults += tally.faults;
    }
    return faults;
}

std::size_t run_randomly(const Alphabet& alphabet, const Options& options) {
    const std::size_t length = options.length != 0 ? options.length : 30;
    const auto make = [&](Share share) {
        return std::make_unique<RandomWalk>(alphabet, length, options.random, options.seed, share);
    };
    const Tally tally = run_all(alphabet, options.jobs, make, {});
    std::printf("%s, length %zu, seed %u: %zu random sequences, %zu faults\n", alphabet.name.c_str(), length,
                options.seed, tally.sequences, tally.faults);
    return tally.faults;
}

}  // namespace

int main(int count, char** words) try {
    log::set_level(log::Level::off);
    const Options options = read(count, words);
    std::size_t faults = 0;
    bool known = false;
    for (const Alphabet& alphabet : alphabets()) {
        if (!options.alphabet.empty() && options.alphabet != alphabet.name) continue;
        known = true;
        if (options.random > 0) {
            faults += run_randomly(alphabet, options);
        } else if (options.run.empty()) {
            faults += run_lengths(alphabet, options);
        } else if (options.shrink) {
            const Sequence least = shrink(alphabet, sequence_of(alphabet, options.run));
            std::printf("%zu calls: %s\n", least.size(), text_of(alphabet, least).c_str());
        } else {
            const Sequence sequence = sequence_of(alphabet, options.run);
            run(alphabet, sequence, *alphabet.make());
            if (options.failures > 0) run_with_failures(alphabet, sequence);
        }
    }
    if (!known) explain("there is no alphabet " + options.alphabet);
    return faults == 0 ? 0 : 1;
} catch (const std::exception& fault) {
    std::printf("FAULT: %s\n", fault.what());
    return 1;
}
