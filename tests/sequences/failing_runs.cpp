// SPDX-License-Identifier: Apache-2.0
#include "failing_runs.hpp"

#include <array>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>

#include <triune/device/verb.hpp>

namespace triune::sequences {
namespace {

constexpr int captured = 900;  // cudaErrorStreamCaptureUnsupported
constexpr std::uint64_t a_while = 12;

struct Failure {
    Verb verb;
    std::uint64_t nth;
    std::uint64_t times;
};

std::string text_of(const Failure& failure) {
    const std::string verb = failure.verb == Verb::count ? "any verb" : to_string(failure.verb);
    return "where call " + std::to_string(failure.nth) + " of " + verb + " fails, " + std::to_string(failure.times) +
           " in a row: ";
}

using Calls = std::array<std::uint64_t, verb_count + 1>;  // the last are all together

Calls count(sim::SimFailures& failures) {
    Calls calls{};
    for (std::size_t verb = 0; verb < verb_count; ++verb) {
        calls[verb] = failures.calls(static_cast<Verb>(verb));
        calls[verb_count] += calls[verb];
    }
    return calls;
}

// Where a failure keeps a letter from being done, what is next may not be enabled: then it is left out.
void run_failing(const Alphabet& alphabet, std::span<const std::size_t> sequence, const Failure& failure) {
    const auto world = alphabet.make();
    world->failures().fail(failure.verb, failure.nth, captured, failure.times);
    try {
        for (const std::size_t letter : sequence) {
            if (!world->enabled(letter)) continue;
            world->step(letter);
            world->check();
        }
        world->end();
    } catch (const std::exception& fault) {
        throw std::logic_error(text_of(failure) + fault.what());
    }
}

}  // namespace

std::size_t run_with_failures(const Alphabet& alphabet, std::span<const std::size_t> sequence) {
    const auto world = alphabet.make();
    const Calls before = count(world->failures());
    for (const std::size_t letter : sequence) world->step(letter);
    const Calls after = count(world->failures());
    std::size_t runs = 0;
    for (std::size_t verb = 0; verb <= verb_count; ++verb) {
        for (std::uint64_t nth = 1; nth <= after[verb] - before[verb]; ++nth) {
            for (const std::uint64_t times : {std::uint64_t{1}, std::uint64_t{2}, a_while}) {
                run_failing(alphabet, sequence, {static_cast<Verb>(verb), nth, times});
                ++runs;
            }
        }
    }
    return runs;
}

}  // namespace triune::sequences
