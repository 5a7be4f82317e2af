// SPDX-License-Identifier: Apache-2.0
// The seam between the library and a GPU: every byte of device memory passes through these verbs.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <triune/base/status.hpp>

namespace triune {

// A raw stream: a `cudaStream_t` on a GPU, the simulated device's own on the simulated one; null is the default stream.
using StreamHandle = void*;
// Streams that have no object of their own, by CUDA's own handles (cudaStreamLegacy, cudaStreamPerThread). A null handle
// is the legacy stream to this library, whatever the caller was compiled with: a program that is compiled for per-thread
// default streams names its own one here.
inline const StreamHandle legacy_stream = reinterpret_cast<StreamHandle>(std::uintptr_t{1});
inline const StreamHandle per_thread_stream = reinterpret_cast<StreamHandle>(std::uintptr_t{2});
using EventHandle = void*;

// Physical memory that is not mapped yet (a CUmemGenericAllocationHandle).
using ChunkHandle = std::uint64_t;

// What an event is made for. All verbs take either: a stream that waits for the first kind begins some microseconds
// later, a thread that waits for the second kind may keep a core busy.
enum class EventUse { waited_for, between_streams };

enum class DeviceKind { cuda, simulated };

// What never changes of a device.
struct DeviceProperties {
    DeviceKind kind = DeviceKind::simulated;
    int ordinal = 0;
    std::string name;
    std::size_t total_bytes = 0;        // physical device memory
    std::size_t chunk_granularity = 0;  // chunks and mapped ranges are multiples of this many bytes; a power of two
    // Capabilities: asked, never compiled in or out.
    bool virtual_memory = false;    // the address and chunk verbs work
    bool device_events = false;     // event_record_device works
    bool writes_pinned = false;     // copy_on_device writes pinned memory as quickly as the link is
    bool host_addressable = false;  // the host may touch device memory (the simulated device)
    // Streams that this library does not know may be capturing a graph, and nothing tells: see event_record_device.
    bool unseen_captures = false;
};

// See Device::stream_state.
struct StreamState {
    bool capturing = false;      // what is queued on it goes into a graph
    bool of_this_device = true;  // else it belongs to another one, whose work no event of this device captures
};

// Of this moment, of all programs together.
struct DeviceMemoryInfo {
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
};

// One of the ranges that copy_on_device copies.
struct CopyPiece {
    void* to = nullptr;
    const void* from = nullptr;  // null: bytes of zero
    std::size_t bytes = 0;
};

// Rules of the seam, for all verbs:
// - They return a status and never throw. A verb that fails has changed nothing, its output arguments included, and has
//   cleared CUDA's "last error", so that nobody meets the failure a second time.
// - They may be called from any thread, for the device's whole life.
// - Work given to a stream runs later, in the order of that stream; only the verbs named synchronize wait for it.
// - Byte counts of 0 are a success that does nothing. Addresses and sizes of the memory verbs are multiples of
//   `chunk_granularity`.
class Device {
  public:
    Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    virtual ~Device() = default;

    virtual const DeviceProperties& properties() const noexcept = 0;
    virtual Status memory_info(DeviceMemoryInfo& info) noexcept = 0;
    // Waits for all work queued on the device by any thread. Harms no capture, and does not wait for what is captured.
    virtual Status synchronize() noexcept = 0;
    // The same, for so long at most; `complete` says whether all of it is done.
    virtual Status synchronize_within(std::chrono::nanoseconds at_most, bool& complete) noexcept = 0;
    // The error that work of the application's own left behind in the calling thread (cudaGetLastError) or, on the
    // simulated device, queued work that has failed; forgotten once told. Does not wait. Failures of these verbs are
    // never among them.
    virtual Status last_error() noexcept = 0;

    // --- streams; a created one never waits for the default stream, nor the default stream for it
    virtual Status stream_create(StreamHandle& stream) noexcept = 0;
    // Work already queued still runs. The handle must not be used again.
    virtual Status stream_destroy(StreamHandle stream) noexcept = 0;
    virtual Status stream_synchronize(StreamHandle stream) noexcept = 0;
    virtual Status stream_query(StreamHandle stream, bool& idle) noexcept = 0;
    // Later work on `stream` runs after what `event` has captured.
    virtual Status stream_wait(StreamHandle stream, EventHandle event) noexcept = 0;
    // A number that no other stream of this process has or had, even one that got the same handle again.
    // Of a stream that is capturing it is an error, and the capture is lost, unless the device knew that there are any.
    virtual Status stream_id(StreamHandle stream, std::uint64_t& id) noexcept = 0;
    // Harms no capture. For the legacy stream `capturing` says whether a stream that it would wait for is.
    virtual Status stream_state(StreamHandle stream, StreamState& state) noexcept = 0;
    // Runs `function(argument)` on the host in the order of the stream. It must not call the device.
    using HostFunction = void (*)(void* argument);
    virtual Status stream_call(StreamHandle stream, HostFunction function, void* argument) noexcept = 0;

    // --- events; one that was never recorded counts as complete
    virtual Status event_create(EventHandle& event, EventUse use) noexcept = 0;
    Status event_create(EventHandle& event) noexcept { return event_create(event, EventUse::waited_for); }
    virtual Status event_destroy(EventHandle event) noexcept = 0;
    virtual Status event_record(EventHandle event, StreamHandle stream) noexcept = 0;
    // Captures all work queued on the device by now, on every stream. Needs `device_events`. CUDA refuses it while any
    // stream captures a graph, and that graph is lost: with `unseen_captures` it is for cases that are worth the risk.
    // Once a capture has been seen it answers stream_capture_unsupported and asks nothing.
    virtual Status event_record_device(EventHandle event) noexcept = 0;
    virtual Status event_query(EventHandle event, bool& complete) noexcept = 0;
    virtual Status event_synchronize(EventHandle event) noexcept = 0;
    // The same, for so long at most; `complete` says whether it is.
    virtual Status event_wait(EventHandle event, std::chrono::nanoseconds at_most, bool& complete) noexcept = 0;

    // --- bytes; direction is found from the addresses. Pageable host memory may be read or written any time until the
    // stream is synchronized.
    virtual Status copy(void* to, const void* from, std::size_t bytes, StreamHandle stream) noexcept = 0;
    // Copies by the device itself from its own memory to its own memory or to pinned memory, in any order among
    // themselves: none reads or writes what another writes. A piece that comes from null reads nothing and is filled
    // with zeroes. One piece of work, whatever their number: what other threads queue on the stream meanwhile comes
    // before all of them or after.
    virtual Status copy_on_device(std::span<const CopyPiece> pieces, StreamHandle stream) noexcept = 0;
    // Writes `count` elements of `width` bytes (1, 2 or 4), each the low bytes of `value`; `to` is aligned to `width`.
    virtual Status fill(void* to, std::uint32_t value, unsigned width, std::size_t count,
                        StreamHandle stream) noexcept = 0;

    // --- pinned host memory, any size above 0
    virtual Status pinned_allocate(void*& address, std::size_t bytes) noexcept = 0;
    virtual Status pinned_release(void* address) noexcept = 0;

    // --- plain device memory, any size above 0, at least 256-byte aligned; for devices without virtual memory.
    // memory_release waits for the device.
    virtual Status memory_allocate(void*& address, std::size_t bytes) noexcept = 0;
    virtual Status memory_release(void* address) noexcept = 0;

    // --- addresses and physical chunks (need `virtual_memory`). A mapped range is touched only after set_access; a
    // chunk that is released while mapped lives until it is unmapped. unmap and chunk_release do not wait for the
    // device: the caller knows that nothing uses the range any more.
    virtual Status address_reserve(void*& address, std::size_t bytes) noexcept = 0;
    virtual Status address_release(void* address, std::size_t bytes) noexcept = 0;
    virtual Status chunk_create(ChunkHandle& chunk, std::size_t bytes) noexcept = 0;
    virtual Status chunk_release(ChunkHandle chunk) noexcept = 0;
    virtual Status map(void* address, ChunkHandle chunk, std::size_t bytes) noexcept = 0;
    virtual Status set_access(void* address, std::size_t bytes) noexcept = 0;
    virtual Status unmap(void* address, std::size_t bytes) noexcept = 0;

    // --- peers
    virtual Status peer_access(int other_ordinal, bool& possible) noexcept = 0;
};

}  // namespace triune
