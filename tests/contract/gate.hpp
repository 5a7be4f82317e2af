// SPDX-License-Identifier: Apache-2.0
// A shut gate in a stream: work queued behind it stays queued until the test opens it.
#pragma once

#include <boost/test/unit_test.hpp>

#include <condition_variable>
#include <mutex>

#include <triune/device/device.hpp>

namespace triune::contract {

// While a gate is shut a case must not allocate, copy from or to pageable memory, or queue host functions elsewhere: on
// a GPU each of these may wait for the gate.
class Gate {
  public:
    Gate(Device& device, StreamHandle stream) {
        BOOST_TEST_REQUIRE(device.stream_call(stream, &Gate::stand_before, this).ok());
        queued_ = true;
    }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;
    // Opens, also when a check has failed, and waits until the stream is through.
    ~Gate() {
        open();
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return passed_ || !queued_; });
    }

    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

  private:
    static void stand_before(void* argument) {
        Gate& gate = *static_cast<Gate*>(argument);
        std::unique_lock lock(gate.mutex_);
        gate.changed_.wait(lock, [&gate] { return gate.open_; });
        gate.passed_ = true;
        gate.changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool queued_ = false;
    bool open_ = false;
    bool passed_ = false;
};

}  // namespace triune::contract
