// SPDX-License-Identifier: Apache-2.0
// What a simulated device consists of, and how each of its verbs begins and ends.
#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <sys/types.h>

#include <triune/detail/device/sim/sim_failures.hpp>
#include <triune/detail/device/sim/sim_handles.hpp>
#include <triune/detail/device/sim/sim_link.hpp>
#include <triune/detail/device/sim/sim_memory.hpp>
#include <triune/detail/device/sim/sim_misuse.hpp>
#include <triune/detail/device/sim/sim_schedule.hpp>
#include <triune/detail/device/sim/sim_span.hpp>
#include <triune/device/sim/sim_device.hpp>

namespace triune::sim {

// A place that moves when the event is recorded anew.
struct SimEvent {
    void set(SimCapture capture, bool in_graph = false) {
        const std::lock_guard lock(mutex);
        captured = std::move(capture);
        of_graph = in_graph;
    }
    bool in_graph() const {
        const std::lock_guard lock(mutex);
        return of_graph;
    }
    SimCapture get() const {
        const std::lock_guard lock(mutex);
        return captured;
    }

    mutable std::mutex mutex;
    SimCapture captured;
    bool of_graph = false;  // recorded on a stream that captured: nobody may ask
};

struct SimDevice::Impl {
    explicit Impl(const SimOptions& options);

    // Runs one verb's `body`, which gives a CUDA error number, between the checks that all verbs share.
    template <class Body>
    Status answer(Verb verb, Body body) noexcept {
        int error = admit(verb);
        if (error == 0) {
            try {
                error = body();
            } catch (const std::bad_alloc&) {
                error = cuda_error::out_of_memory;
            } catch (const std::exception& failure) {
                misuse.add(std::string(to_string(verb)) + ": " + failure.what());
                error = cuda_error::unknown;
            }
        }
        return error == 0 ? success : Status{error, to_string(verb)};
    }

    // In a forked child locks may be held by threads that are not there: nothing may be asked.
    bool forked() const noexcept;
    int admit(Verb verb) noexcept;
    // invalid_resource_handle, recorded.
    int dead_handle(Verb verb, const char* noun, void* handle);

    // Null for a handle that is not alive. Default streams, the legacy one and each thread's, begin at their first use.
    std::shared_ptr<SimStream> stream_of(StreamHandle stream);
    // Queues `work`; the error where the handle is not alive.
    int enqueue(Verb verb, StreamHandle stream, SimWork work);

    // A copy and where its ends lay when it was queued; one that comes from null writes zeroes.
    struct InspectedCopy {
        CopyPiece piece;
        SimSpan to{};
        SimSpan from{};
    };
    // These give error numbers. The last one does a copy, the others complete and check those that are asked for:
    // inspect() both ends, inspect_target() the one that is written.
    int inspect(InspectedCopy& copy);
    int inspect_target(InspectedCopy& copy);
    int expect_apart(const std::vector<InspectedCopy>& copies);
    int run(const InspectedCopy& copy);

    const SimOptions options;
    DeviceProperties properties;
    const pid_t process;

    SimMisuse misuse;
    SimFailures failures;
    SimLink link;
    SimMemory memory;
    SimHandles<SimStream> streams;
    SimHandles<SimEvent> events;
    std::mutex default_mutex;
    std::shared_ptr<SimStream> default_stream;
    std::unordered_map<std::thread::id, std::shared_ptr<SimStream>> per_thread_streams;
    // Last: its workers use all of the above until it has joined them.
    SimSchedule schedule;
};

}  // namespace triune::sim
