// SPDX-License-Identifier: Apache-2.0
// What the soak of every device stands on: how long it goes on, and the process's own memory.
#pragma once

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include <malloc.h>
#include <unistd.h>

#include <triune/base/units.hpp>

namespace triune::soak {

constexpr int warm_up_rounds = 15;  // until every cache and list has had its most
constexpr int steps_a_round = 150;
constexpr std::size_t spare_host_bytes = 64 * MiB;  // of the allocator, which cannot give back every page

// A sanitizer keeps what was freed, so the host's memory says nothing there.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

// What may rise while caches fill, and must not afterwards; by name.
using Figures = std::map<std::string, std::size_t>;

inline void raise_to(Figures& most, const Figures& now) {
    for (const auto& [name, value] : now) most[name] = std::max(most[name], value);
}

// How many rounds a run has: what `--seconds` behind a `--` says, else `rounds_by_default`.
class Rounds {
  public:
    explicit Rounds(int rounds_by_default) : rounds_(rounds_by_default) {
        const auto& suite = boost::unit_test::framework::master_test_suite();
        for (int i = 1; i + 1 < suite.argc; ++i) {
            if (std::string(suite.argv[i]) == "--seconds") seconds_ = std::stod(suite.argv[i + 1]);
        }
    }

    bool has(int round) const {
        if (seconds_ == 0) return round < rounds_;
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count() < seconds_;
    }

  private:
    const int rounds_;
    double seconds_ = 0;
    const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Of the process, without what its allocator keeps to use again.
inline std::size_t resident_bytes() {
    malloc_trim(0);
    std::size_t all = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// Entries of a folder of /proc/self: open files in "fd", threads in "task".
inline std::size_t entries(const std::string& folder) {
    const std::filesystem::directory_iterator all("/proc/self/" + folder);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace triune::soak
