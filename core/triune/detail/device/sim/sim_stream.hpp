// SPDX-License-Identifier: Apache-2.0
// A simulated stream: a queue of work, its worker, and places in it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace triune::sim {

struct SimStream;

// A place in a stream: reached when `sequence` pieces of its work have finished.
struct SimPosition {
    std::shared_ptr<SimStream> stream;
    std::uint64_t sequence = 0;
};

// What an event has captured. Never changed once made, so that a wait keeps it when the event moves on or dies; null
// captures nothing and is complete.
using SimCapture = std::shared_ptr<const std::vector<SimPosition>>;

struct SimWork {
    std::function<int()> run;                        // a CUDA error number; empty where only `after` matters
    SimCapture after;                                // not begun before this is reached
    std::chrono::steady_clock::time_point begins{};  // nor before this, unless somebody waits for it
};

// All members but `id` belong to the schedule's mutex.
struct SimStream {
    explicit SimStream(std::uint64_t number) : id(number) {}

    const std::uint64_t id;
    std::deque<SimWork> work;
    std::uint64_t queued = 0;
    std::uint64_t finished = 0;
    std::uint64_t demanded = 0;  // somebody waits until so many have finished
    int error = 0;               // of work that failed; told to the next synchronize
    bool closing = false;        // destroyed: the worker ends once the queue is empty
    // See SimDevice::begin_capture().
    enum class Capture { none, active, lost };
    Capture capture = Capture::none;
    std::condition_variable wake;
    std::thread worker;
};

}  // namespace triune::sim
