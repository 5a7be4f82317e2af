// SPDX-License-Identifier: Apache-2.0
// The verbs of streams, events and bytes; those of memory are in sim_device_memory.cpp.
#include <triune/device/sim/sim_device.hpp>

#include <limits>
#include <utility>

#include <triune/detail/base/held_locks.hpp>
#include <triune/detail/device/sim/sim_host_call.hpp>
#include <triune/detail/device/sim/sim_state.hpp>

namespace triune::sim {

SimDevice::SimDevice(SimOptions options) : impl_(std::make_unique<Impl>(options)) {}

SimDevice::~SimDevice() {
    // The workers of a forked child stayed with the parent: there is nothing to join, and locks may be held for ever.
    if (impl_->forked()) static_cast<void>(impl_.release());
}

void SimDevice::fail(Verb verb, std::uint64_t nth, int cuda_error, std::uint64_t times) {
    impl_->failures.fail(verb, nth, cuda_error, times);
}
void SimDevice::clear_failures() { impl_->failures.clear(); }
std::uint64_t SimDevice::calls(Verb verb) const noexcept { return impl_->failures.calls(verb); }
void SimDevice::hold_streams() { impl_->schedule.hold(); }
void SimDevice::release_streams() { impl_->schedule.release(); }
void SimDevice::hold_link() { impl_->link.hold(); }
void SimDevice::release_link() { impl_->link.release(); }
std::vector<std::string> SimDevice::misuse() const { return impl_->misuse.list(); }

void SimDevice::begin_capture(StreamHandle stream) { impl_->schedule.begin_capture(*impl_->stream_of(stream)); }
bool SimDevice::end_capture(StreamHandle stream) { return impl_->schedule.end_capture(*impl_->stream_of(stream)); }

SimLedger SimDevice::ledger() const {
    SimLedger ledger;
    if (impl_->forked()) return ledger;
    ledger.streams = impl_->streams.size();
    ledger.events = impl_->events.size();
    impl_->memory.count(ledger);
    return ledger;
}

const DeviceProperties& SimDevice::properties() const noexcept { return impl_->properties; }

Status SimDevice::memory_info(DeviceMemoryInfo& info) noexcept {
    return impl_->answer(Verb::memory_info, [&] {
        info = {impl_->memory.free_bytes(), impl_->properties.total_bytes};
        return 0;
    });
}

Status SimDevice::synchronize() noexcept {
    HeldLocks::expect_none("synchronize");
    return impl_->answer(Verb::synchronize, [&] { return impl_->schedule.finish_all(); });
}

Status SimDevice::synchronize_within(std::chrono::nanoseconds at_most, bool& complete) noexcept {
    HeldLocks::expect_none("synchronize_within");
    return impl_->answer(Verb::synchronize_within, [&] {
        complete = impl_->schedule.reach(impl_->schedule.capture_all(), at_most);
        return complete ? impl_->schedule.pop_error() : 0;
    });
}

Status SimDevice::last_error() noexcept {
    return impl_->answer(Verb::last_error, [&] { return impl_->schedule.pop_error(); });
}

// --- streams

Status SimDevice::stream_create(StreamHandle& stream) noexcept {
    return impl_->answer(Verb::stream_create, [&] {
        std::shared_ptr<SimStream> made = impl_->schedule.open();
        stream = impl_->streams.add(std::move(made));
        return 0;
    });
}

Status SimDevice::stream_destroy(StreamHandle stream) noexcept {
    return impl_->answer(Verb::stream_destroy, [&] {
        const std::shared_ptr<SimStream> dead = impl_->streams.remove(stream);
        if (!dead) return impl_->dead_handle(Verb::stream_destroy, "stream", stream);
        impl_->schedule.close(*dead);
        return 0;
    });
}

Status SimDevice::stream_synchronize(StreamHandle stream) noexcept {
    HeldLocks::expect_none("stream_synchronize");
    return impl_->answer(Verb::stream_synchronize, [&] {
        const std::shared_ptr<SimStream> found = impl_->stream_of(stream);
        if (!found) return impl_->dead_handle(Verb::stream_synchronize, "stream", stream);
        if (impl_->schedule.lose_capture(*found)) return cuda_error::stream_capture_unsupported;
        return impl_->schedule.finish(*found);
    });
}

Status SimDevice::stream_query(StreamHandle stream, bool& idle) noexcept {
    return impl_->answer(Verb::stream_query, [&] {
        const std::shared_ptr<SimStream> found = impl_->stream_of(stream);
        if (!found) return impl_->dead_handle(Verb::stream_query, "stream", stream);
        if (impl_->schedule.lose_capture(*found)) return cuda_error::stream_capture_unsupported;
        idle = impl_->schedule.idle(*found);
        return 0;
    });
}

Status SimDevice::stream_wait(StreamHandle stream, EventHandle event) noexcept {
    return impl_->answer(Verb::stream_wait, [&] {
        const std::shared_ptr<SimEvent> found = impl_->events.find(event);
        if (!found) return impl_->dead_handle(Verb::stream_wait, "event", event);
        return impl_->enqueue(Verb::stream_wait, stream, {{}, found->get()});
    });
}

Status SimDevice::stream_id(StreamHandle stream, std::uint64_t& id) noexcept {
    return impl_->answer(Verb::stream_id, [&] {
        const std::shared_ptr<SimStream> found = impl_->stream_of(stream);
        if (!found) return impl_->dead_handle(Verb::stream_id, "stream", stream);
        const bool in_graph = impl_->options.captures_announced ? impl_->schedule.capturing(*found)
                                                                : impl_->schedule.lose_capture(*found);
        if (in_graph) return cuda_error::stream_capture_unsupported;
        id = found->id;
        return 0;
    });
}

Status SimDevice::stream_state(StreamHandle stream, StreamState& state) noexcept {
    return impl_->answer(Verb::stream_state, [&] {
        const std::shared_ptr<SimStream> found = impl_->stream_of(stream);
        if (!found) return impl_->dead_handle(Verb::stream_state, "stream", stream);
        state = {impl_->schedule.capturing(*found), true};
        return 0;
    });
}

Status SimDevice::stream_call(StreamHandle stream, HostFunction function, void* argument) noexcept {
    return impl_->answer(Verb::stream_call, [&] {
        if (!function) return cuda_error::invalid_value;
        const auto run = [function, argument] {
            host_call(function, argument);
            return 0;
        };
        return impl_->enqueue(Verb::stream_call, stream, {run, nullptr});
    });
}

// --- events

Status SimDevice::event_create(EventHandle& event, EventUse) noexcept {
    return impl_->answer(Verb::event_create, [&] {
        event = impl_->events.add(std::make_shared<SimEvent>());
        return 0;
    });
}

Status SimDevice::event_destroy(EventHandle event) noexcept {
    return impl_->answer(Verb::event_destroy, [&] {
        return impl_->events.remove(event) ? 0 : impl_->dead_handle(Verb::event_destroy, "event", event);
    });
}

Status SimDevice::event_record(EventHandle event, StreamHandle stream) noexcept {
    return impl_->answer(Verb::event_record, [&] {
        const std::shared_ptr<SimEvent> found = impl_->events.find(event);
        if (!found) return impl_->dead_handle(Verb::event_record, "event", event);
        const std::shared_ptr<SimStream> queue = impl_->stream_of(stream);
        if (!queue) return impl_->dead_handle(Verb::event_record, "stream", stream);
        const bool in_graph = impl_->schedule.capturing(*queue);
        found->set(in_graph ? nullptr : impl_->schedule.capture(queue), in_graph);
        return 0;
    });
}

Status SimDevice::event_record_device(EventHandle event) noexcept {
    return impl_->answer(Verb::event_record_device, [&] {
        if (!impl_->options.device_events) return cuda_error::not_supported;
        const std::shared_ptr<SimEvent> found = impl_->events.find(event);
        if (!found) return impl_->dead_handle(Verb::event_record_device, "event", event);
        if (impl_->schedule.lose_captures()) return cuda_error::stream_capture_unsupported;
        found->set(impl_->schedule.capture_all());
        return 0;
    });
}

Status SimDevice::event_query(EventHandle event, bool& complete) noexcept {
    return impl_->answer(Verb::event_query, [&] {
        const std::shared_ptr<SimEvent> found = impl_->events.find(event);
        if (!found) return impl_->dead_handle(Verb::event_query, "event", event);
        if (found->in_graph()) return cuda_error::captured_event;
        complete = impl_->schedule.reached(found->get());
        return 0;
    });
}

Status SimDevice::event_synchronize(EventHandle event) noexcept {
    HeldLocks::expect_none("event_synchronize");
    return impl_->answer(Verb::event_synchronize, [&] {
        const std::shared_ptr<SimEvent> found = impl_->events.find(event);
        if (!found) return impl_->dead_handle(Verb::event_synchronize, "event", event);
        if (found->in_graph()) return cuda_error::captured_event;
        impl_->schedule.reach(found->get());
        return 0;
    });
}

Status SimDevice::event_wait(EventHandle event, std::chrono::nanoseconds at_most, bool& complete) noexcept {
    HeldLocks::expect_none("event_wait");
    return impl_->answer(Verb::event_wait, [&] {
        const std::shared_ptr<SimEvent> found = impl_->events.find(event);
        if (!found) return impl_->dead_handle(Verb::event_wait, "event", event);
        if (found->in_graph()) return cuda_error::captured_event;
        complete = impl_->schedule.reach(found->get(), at_most);
        return 0;
    });
}

// --- bytes

Status SimDevice::copy(void* to, const void* from, std::size_t bytes, StreamHandle stream) noexcept {
    return impl_->answer(Verb::copy, [&] {
        if (bytes == 0) return 0;
        Impl::InspectedCopy copy{{to, from, bytes}};
        if (const int error = impl_->inspect(copy); error != 0) return error;
        return impl_->enqueue(Verb::copy, stream, {[impl = impl_.get(), copy] { return impl->run(copy); }, nullptr});
    });
}

// Last first: whoever counts on the order given finds out.
Status SimDevice::copy_on_device(std::span<const CopyPiece> pieces, StreamHandle stream) noexcept {
    return impl_->answer(Verb::copy_on_device, [&] {
        std::vector<Impl::InspectedCopy> copies;
        for (const CopyPiece& piece : pieces) {
            if (piece.bytes == 0) continue;
            Impl::InspectedCopy& copy = *copies.insert(copies.begin(), Impl::InspectedCopy{piece});
            const bool zeroes = piece.from == nullptr;
            const int error = zeroes ? impl_->inspect_target(copy) : impl_->inspect(copy);
            if (error != 0) return error;
            const bool reaches = copy.to.place == Place::device || copy.to.place == Place::pinned;
            if (reaches && (zeroes || copy.from.place == Place::device)) continue;
            impl_->misuse.add("copy_on_device from " + address_text(piece.from) + " to " + address_text(piece.to) +
                              ": it reads memory of the device, and writes such memory or pinned memory");
            return cuda_error::invalid_value;
        }
        if (const int error = impl_->expect_apart(copies); error != 0) return error;
        if (copies.empty()) return 0;
        const auto run = [impl = impl_.get(), copies = std::move(copies)] {
            int error = 0;
            for (const Impl::InspectedCopy& copy : copies) error = error != 0 ? error : impl->run(copy);
            return error;
        };
        return impl_->enqueue(Verb::copy_on_device, stream, {run, nullptr});
    });
}

Status SimDevice::fill(void* to, std::uint32_t value, unsigned width, std::size_t count, StreamHandle stream) noexcept {
    return impl_->answer(Verb::fill, [&] {
        if (width != 1 && width != 2 && width != 4) return cuda_error::invalid_value;
        if (reinterpret_cast<std::uintptr_t>(to) % width != 0) return cuda_error::invalid_value;
        if (count > std::numeric_limits<std::size_t>::max() / width) return cuda_error::invalid_value;
        if (count == 0) return 0;
        SimSpan span;
        if (const int error = impl_->memory.inspect(to, count * width, "fill", span); error != 0) return error;
        if (span.place == Place::host) {
            impl_->misuse.add("fill of " + address_text(to) + ", which is pageable host memory");
            return cuda_error::invalid_value;
        }
        const auto run = [impl = impl_.get(), to, span, value, width, count] {
            return impl->memory.fill(to, span, value, width, count);
        };
        return impl_->enqueue(Verb::fill, stream, {run, nullptr});
    });
}

Status SimDevice::peer_access(int other_ordinal, bool& possible) noexcept {
    return impl_->answer(Verb::peer_access, [&] {
        if (other_ordinal < 0) return cuda_error::invalid_value;
        possible = false;  // simulated devices share no addresses
        return 0;
    });
}

}  // namespace triune::sim
