// SPDX-License-Identifier: Apache-2.0
// Bytes kept as runs of equal ones, so that megabytes cost as much as a few numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace triune::sequences {

struct Run {
    std::size_t bytes = 0;
    std::uint8_t value = 0;
    friend bool operator==(const Run&, const Run&) = default;
};
using Runs = std::vector<Run>;

inline void append(Runs& runs, Run more) {
    if (more.bytes == 0) return;
    if (!runs.empty() && runs.back().value == more.value) {
        runs.back().bytes += more.bytes;
    } else {
        runs.push_back(more);
    }
}

inline Runs runs_of(const std::uint8_t* bytes, std::size_t count) {
    Runs runs;
    for (std::size_t i = 0; i < count; ++i) append(runs, {1, bytes[i]});
    return runs;
}

class RunLengthMemory {
  public:
    RunLengthMemory(std::size_t bytes, std::uint8_t value) : runs_{{bytes, value}} {}

    // Both ranges lie within the memory.
    Runs read(std::size_t offset, std::size_t bytes) const {
        Runs found;
        std::size_t begin = 0;
        for (const Run& run : runs_) {
            const std::size_t first = std::max(begin, offset);
            const std::size_t last = std::min(begin + run.bytes, offset + bytes);
            if (first < last) append(found, {last - first, run.value});
            begin += run.bytes;
        }
        return found;
    }
    void write(std::size_t offset, const Runs& values) {
        std::size_t bytes = 0;
        std::size_t all = 0;
        for (const Run& run : values) bytes += run.bytes;
        for (const Run& run : runs_) all += run.bytes;
        Runs now = read(0, offset);
        for (const Run& run : values) append(now, run);
        for (const Run& run : read(offset + bytes, all - offset - bytes)) append(now, run);
        runs_ = std::move(now);
    }

  private:
    Runs runs_;
};

}  // namespace triune::sequences
