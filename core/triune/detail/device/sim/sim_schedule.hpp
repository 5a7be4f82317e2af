// SPDX-License-Identifier: Apache-2.0
// The simulated device's streams and the rule by which their work begins.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <triune/detail/device/sim/sim_stream.hpp>

namespace triune::sim {

// Note [Late work]
// Work begins when somebody waits for it (a synchronize, directly or through events), else `lateness` after it was
// queued. A program that reads a result without waiting thus finds the old bytes, not by luck of the scheduler but
// every time it is quicker than the lateness; and a program that only polls still sees progress. Work depends only on
// work queued earlier, so waiting for it cannot go round in a circle.
//
// Thread-safe. One mutex guards all queues: work itself runs outside of it.
class SimSchedule {
  public:
    explicit SimSchedule(std::chrono::steady_clock::duration lateness) : lateness_(lateness) {}
    // Work that has not begun is dropped, as when a process ends; what is running finishes.
    ~SimSchedule();

    std::shared_ptr<SimStream> open();
    // Queued work still runs.
    void close(SimStream& stream);
    // False, with nothing queued, where the stream is closed. Of a stream that captures the work is dropped.
    bool enqueue(SimStream& stream, SimWork work);

    void begin_capture(SimStream& stream);
    // Whether it was not lost.
    bool end_capture(SimStream& stream);
    bool capturing(const SimStream& stream) const;
    // A call that is not allowed on a stream that captures: true where it does, and then the capture is lost.
    bool lose_capture(SimStream& stream);
    // The same for the whole device.
    bool lose_captures();

    bool idle(const SimStream& stream) const;
    // Waits for the work queued by now; returns the error of work that failed, once.
    int finish(SimStream& stream);
    int finish_all();
    // The same error without waiting: of the work that has run by now.
    int pop_error();

    SimCapture capture(const std::shared_ptr<SimStream>& stream) const;
    SimCapture capture_all() const;
    bool reached(const SimCapture& capture) const;
    void reach(const SimCapture& capture);
    // For so long at most; false where it is not reached then.
    bool reach(const SimCapture& capture, std::chrono::nanoseconds at_most);

    void hold();
    void release();

  private:
    using Lock = std::unique_lock<std::mutex>;

    void work(SimStream& stream);
    bool await_turn(SimStream& stream, Lock& lock);
    void demand(const std::vector<SimPosition>& positions);
    void await(Lock& lock, const std::vector<SimPosition>& positions);
    std::vector<SimPosition> all_positions() const;
    int pop_error(const std::vector<SimPosition>& positions);
    void wake_all();
    void end(SimStream& stream);
    std::vector<std::thread> remove_ended();

    const std::chrono::steady_clock::duration lateness_;
    mutable std::mutex mutex_;
    std::condition_variable progress_;                 // a piece of work finished, or the rules changed
    std::vector<std::shared_ptr<SimStream>> streams_;  // closed ones too, until they are drained
    std::vector<std::thread> ended_;                   // workers of drained streams, to be joined
    unsigned holds_ = 0;
    bool stopping_ = false;
    int closed_error_ = 0;  // left behind by a stream that was closed; told to the next finish_all
};

}  // namespace triune::sim
