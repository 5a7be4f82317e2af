// SPDX-License-Identifier: Apache-2.0
#include "shrinking.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace triune::sequences {
namespace {

constexpr unsigned hang_seconds = 20;

std::optional<Sequence> shorter(const Alphabet& alphabet, const Sequence& sequence) {
    for (std::size_t first = 0; first < sequence.size(); ++first) {
        for (std::size_t second = first; second < sequence.size(); ++second) {
            Sequence rest = sequence;
            rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(second));
            if (second != first) rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(first));
            if (fails(alphabet, rest)) return rest;
        }
    }
    return std::nullopt;
}

}  // namespace

bool fails(const Alphabet& alphabet, const Sequence& sequence) {
    std::fflush(stdout);
    const pid_t child = fork();
    require(child >= 0, "no child can be started");
    if (child == 0) {
        alarm(hang_seconds);
        try {
            run(alphabet, sequence, *alphabet.make());
        } catch (const std::invalid_argument&) {
        } catch (const std::exception&) {
            std::_Exit(1);
        }
        std::_Exit(0);
    }
    int status = 0;
    require(waitpid(child, &status, 0) == child, "a child cannot be waited for");
    return status != 0;
}

Sequence shrink(const Alphabet& alphabet, Sequence sequence) {
    while (auto rest = shorter(alphabet, sequence)) sequence = std::move(*rest);
    return sequence;
}

}  // namespace triune::sequences
