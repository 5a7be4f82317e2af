// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/sim/sim_state.hpp>

#include <bit>
#include <chrono>
#include <utility>

#include <unistd.h>

#include <triune/base/error.hpp>
#include <triune/detail/device/sim/sim_host_call.hpp>
#include <triune/detail/device/sim/sim_pages.hpp>

namespace triune::sim {

namespace {

DeviceProperties properties_of(const SimOptions& options) {
    DeviceProperties properties;
    properties.kind = DeviceKind::simulated;
    properties.name = "simulated device";
    properties.total_bytes = options.capacity_bytes;
    properties.chunk_granularity = options.chunk_granularity;
    properties.virtual_memory = options.virtual_memory;
    properties.device_events = options.device_events;
    properties.host_addressable = true;
    properties.unseen_captures = options.unseen_captures;
    properties.writes_pinned = options.writes_pinned;
    return properties;
}

const SimOptions& checked(const SimOptions& options) {
    if (!std::has_single_bit(options.chunk_granularity) || options.chunk_granularity < page_bytes()) {
        throw invalid_argument(
            "chunk_granularity of the simulated device: " + std::to_string(options.chunk_granularity) +
            " is no power of two or less than a page of " + std::to_string(page_bytes()) + " bytes");
    }
    return options;
}

std::chrono::steady_clock::duration in_clock(double seconds) {
    return std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

SimDevice::Impl::Impl(const SimOptions& asked)
    : options(checked(asked)),
      properties(properties_of(asked)),
      process(getpid()),
      link(asked.link_bytes_per_second, asked.link_latency_seconds),
      memory(asked, misuse),
      streams(asked.reuse_handles),
      events(asked.reuse_handles),
      schedule(in_clock(asked.lateness_seconds)) {}

bool SimDevice::Impl::forked() const noexcept { return getpid() != process; }

int SimDevice::Impl::admit(Verb verb) noexcept {
    if (forked()) return cuda_error::not_initialized;
    if (const int injected = failures.count_call(verb); injected != 0) return injected;
    if (in_host_call()) {
        misuse.add(std::string(to_string(verb)) + " called by a host function");
        return cuda_error::not_permitted;  // what CUDA answers a host function
    }
    return 0;
}

int SimDevice::Impl::dead_handle(Verb verb, const char* noun, void* handle) {
    misuse.add(std::string(to_string(verb)) + ": " + address_text(handle) + " is no live " + noun + " of this device");
    return cuda_error::invalid_resource_handle;
}

std::shared_ptr<SimStream> SimDevice::Impl::stream_of(StreamHandle stream) {
    const bool legacy = stream == nullptr || stream == legacy_stream;
    if (!legacy && stream != per_thread_stream) return streams.find(stream);
    const std::lock_guard lock(default_mutex);
    std::shared_ptr<SimStream>& found = legacy ? default_stream : per_thread_streams[std::this_thread::get_id()];
    if (!found) found = schedule.open();
    return found;
}

int SimDevice::Impl::enqueue(Verb verb, StreamHandle stream, SimWork work) {
    const std::shared_ptr<SimStream> queue = stream_of(stream);
    if (queue && schedule.enqueue(*queue, std::move(work))) return 0;
    return dead_handle(verb, "stream", stream);
}

int SimDevice::Impl::inspect(InspectedCopy& copy) {
    const CopyPiece& piece = copy.piece;
    const int error = memory.inspect(piece.from, piece.bytes, "copy from", copy.from);
    return error != 0 ? error : inspect_target(copy);
}

int SimDevice::Impl::inspect_target(InspectedCopy& copy) {
    return memory.inspect(copy.piece.to, copy.piece.bytes, copy.piece.from ? "copy to" : "zeroes to", copy.to);
}

// Nothing that one of them writes is written or read by another.
int SimDevice::Impl::expect_apart(const std::vector<InspectedCopy>& copies) {
    const auto overlap = [](const void* a, std::size_t a_bytes, const void* b, std::size_t b_bytes) {
        const auto* const first = static_cast<const char*>(a);
        const auto* const second = static_cast<const char*>(b);
        return first < second + b_bytes && second < first + a_bytes;
    };
    for (const auto& [writes, to, from] : copies) {
        for (const auto& [other, other_to, other_from] : copies) {
            if (&writes == &other) continue;
            const bool read = other.from && overlap(writes.to, writes.bytes, other.from, other.bytes);
            if (!read && !overlap(writes.to, writes.bytes, other.to, other.bytes)) continue;
            misuse.add("copy_on_device writes " + std::to_string(writes.bytes) + " bytes at " +
                       address_text(writes.to) + ", which another of its copies uses");
            return cuda_error::invalid_value;
        }
    }
    return 0;
}

int SimDevice::Impl::run(const InspectedCopy& copy) {
    if (!copy.piece.from) return memory.fill(copy.piece.to, copy.to, 0, 1, copy.piece.bytes);
    const bool to_device = copy.to.place == Place::device;
    if (to_device != (copy.from.place == Place::device)) {
        link.carry(copy.piece.bytes, to_device ? LinkDirection::to_device : LinkDirection::to_host);
    }
    return memory.copy(copy.piece.to, copy.to, copy.piece.from, copy.from, copy.piece.bytes);
}

}  // namespace triune::sim
