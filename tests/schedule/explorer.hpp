// SPDX-License-Identifier: Apache-2.0
// Runs a small program of several threads in every order, up to bounds.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace schedule {

// Note [The checker of schedules]
// Rationale. A fault that needs one order of a few instructions among millions is not found by running threads.
//
// Approach. The library's own sources are compiled once more with the calls that -fsanitize=thread inserts, and
// instrumentation.cpp answers these calls in place of the sanitizer's runtime. So every access of the unchanged code
// comes here. Threads are fibers; before each atomic access the explorer chooses who goes on, and at each load which
// value it sees (see memory.hpp). It tries all choices, depth first: up to a bound of preemptions, as CHESS does, and a
// bound of loads that see an old value. A thread that spins, yields, sleeps or waits lets others go on free of charge.
//
// Limitations. Fault-free means fault-free within the bounds.

// What the threads of one execution do, in fresh state.
struct Program {
    std::vector<std::function<void()>> threads;
    std::function<void()> at_end = [] {};  // after all of them
};
using Scenario = std::function<Program()>;

struct Bounds {
    int preemptions = 2;
    int old_values = 1;          // loads that see another than the newest value
    long executions = 2'000'000; // the exploration is not complete where there are more
};

enum class Barriers { work, do_nothing };

// An atomic access of the program: where, and in which order, as std::memory_order counts.
struct Place {
    const void* code = nullptr;
    int order = -1;
    auto operator<=>(const Place&) const = default;
};

// Another machine, or another program, than the real one.
struct Variant {
    Barriers barriers = Barriers::work;
    int barriers_until_refusal = -1;      // this many calls succeed; -1: all
    Place weakened{};                     // an atomic access whose order is `weakened_to`
    int weakened_to = 0;
};

struct Outcome {
    long executions = 0;
    bool complete = false;
    std::string fault;                    // empty: none was found
    std::map<Place, std::string> places;  // all, with function, access and order
};

// For the whole process: one at a time.
Outcome explore(const Scenario& scenario, Bounds bounds = {}, Variant variant = {});

// Within a scenario: a fault unless it holds.
void require(bool holds, const char* what);
// The loads of this object see the newest value always, and nobody is preempted before them.
void keep_quiet(const void* begin, std::size_t bytes);

}  // namespace schedule
