// SPDX-License-Identifier: Apache-2.0
// The simulated device: a GPU's memory, streams and events in this process, stricter than a real one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <triune/device/device.hpp>
#include <triune/device/verb.hpp>

namespace triune::sim {

// What a simulated device has, and how it behaves.
struct SimOptions {
    std::size_t capacity_bytes = std::size_t{8} << 30;  // physical memory; chunks and allocations beyond it are refused
    std::size_t chunk_granularity = std::size_t{2} << 20;  // a power of two, at least the page size
    bool virtual_memory = true;
    bool device_events = true;
    bool writes_pinned = false;
    // Whether the library must reckon with captures that nothing tells it of, as on CUDA.
    bool unseen_captures = false;
    // As TRIUNE_GRAPH_CAPTURE=1 on CUDA: stream_id harms no capture.
    bool captures_announced = false;
    // Modelled cost of a copy over the link; 0 means as fast as the machine copies.
    double link_bytes_per_second = 0;
    double link_latency_seconds = 0;
    // Queued work that nobody waits for begins this much later, so that a result read without waiting is not there yet.
    double lateness_seconds = 0.001;
    // Give a destroyed stream's or event's handle to the next one, as CUDA does; else a dead handle stays recognisable.
    bool reuse_handles = false;
};

// What is alive on the device; everything is 0 when a program has given all back.
struct SimLedger {
    std::size_t streams = 0;
    std::size_t events = 0;
    std::size_t reservations = 0;
    std::size_t reserved_bytes = 0;
    std::size_t chunks = 0;
    std::size_t chunk_bytes = 0;
    std::size_t mappings = 0;
    std::size_t allocations = 0;
    std::size_t allocated_bytes = 0;
    std::size_t pinned_allocations = 0;
    std::size_t pinned_bytes = 0;

    bool balanced() const noexcept;
    std::string describe() const;
};

// Streams run late on threads of their own, so a missing wait shows stale data. Addresses are reserved with mmap and
// physical chunks are pieces of a memory file, so that a touch after unmap faults. Fresh memory is poisoned (0xDB, its
// first 64 MiB), freed memory faults. Misuse (a copy that leaves its mapping or allocation, a dead handle, a release of
// what is still mapped, use after free) is answered with an error and recorded. Work that was valid when it was queued
// and is not when it runs is skipped, and the next synchronize of its stream or of the device, or last_error, answers
// with the error, once. A verb called by a host function answers 800 (not permitted); in a forked child all answer 3
// (not initialized). Thread-safe.
class SimDevice final : public Device {
  public:
    // Throws invalid_argument for a granularity that is no power of two or less than a page.
    explicit SimDevice(SimOptions options = {});
    // Work that has not begun is dropped, as when a process ends. A device that is never destroyed does no harm at
    // exit.
    ~SimDevice() override;

    // --- for tests
    // The `nth` next call of `verb` (1 = the very next) fails with `cuda_error` and changes nothing, as do those behind
    // it, `times` in all; later ones work. Verb::count stands for every verb.
    void fail(Verb verb, std::uint64_t nth, int cuda_error, std::uint64_t times = 1);
    void clear_failures();
    // Calls of `verb` so far, failed ones included.
    std::uint64_t calls(Verb verb) const noexcept;
    // Queued work stays queued until release_streams(); what is running finishes. Nested holds count.
    void hold_streams();
    void release_streams();
    // The same for copies between host and device alone: other work of their streams that is queued before them runs.
    void hold_link();
    void release_link();
    // What is queued on the stream from now on goes into a graph, which is dropped. Verbs that CUDA does not allow
    // meanwhile fail as they do there, and the capture is lost: end_capture() answers whether it was not. The stream is
    // a live one.
    void begin_capture(StreamHandle stream);
    bool end_capture(StreamHandle stream);
    SimLedger ledger() const;
    // Misuse seen so far, oldest first, each a sentence.
    std::vector<std::string> misuse() const;

    const DeviceProperties& properties() const noexcept override;
    Status memory_info(DeviceMemoryInfo& info) noexcept override;
    Status synchronize() noexcept override;
    Status synchronize_within(std::chrono::nanoseconds at_most, bool& complete) noexcept override;
    Status last_error() noexcept override;
    Status stream_create(StreamHandle& stream) noexcept override;
    Status stream_destroy(StreamHandle stream) noexcept override;
    Status stream_synchronize(StreamHandle stream) noexcept override;
    Status stream_query(StreamHandle stream, bool& idle) noexcept override;
    Status stream_wait(StreamHandle stream, EventHandle event) noexcept override;
    Status stream_id(StreamHandle stream, std::uint64_t& id) noexcept override;
    Status stream_state(StreamHandle stream, StreamState& state) noexcept override;
    Status stream_call(StreamHandle stream, HostFunction function, void* argument) noexcept override;
    using Device::event_create;
    Status event_create(EventHandle& event, EventUse use) noexcept override;
    Status event_destroy(EventHandle event) noexcept override;
    Status event_record(EventHandle event, StreamHandle stream) noexcept override;
    Status event_record_device(EventHandle event) noexcept override;
    Status event_query(EventHandle event, bool& complete) noexcept override;
    Status event_synchronize(EventHandle event) noexcept override;
    Status event_wait(EventHandle event, std::chrono::nanoseconds at_most, bool& complete) noexcept override;
    Status copy(void* to, const void* from, std::size_t bytes, StreamHandle stream) noexcept override;
    Status copy_on_device(std::span<const CopyPiece> pieces, StreamHandle stream) noexcept override;
    Status fill(void* to, std::uint32_t value, unsigned width, std::size_t count,
                StreamHandle stream) noexcept override;
    Status pinned_allocate(void*& address, std::size_t bytes) noexcept override;
    Status pinned_release(void* address) noexcept override;
    Status memory_allocate(void*& address, std::size_t bytes) noexcept override;
    Status memory_release(void* address) noexcept override;
    Status address_reserve(void*& address, std::size_t bytes) noexcept override;
    Status address_release(void* address, std::size_t bytes) noexcept override;
    Status chunk_create(ChunkHandle& chunk, std::size_t bytes) noexcept override;
    Status chunk_release(ChunkHandle chunk) noexcept override;
    Status map(void* address, ChunkHandle chunk, std::size_t bytes) noexcept override;
    Status set_access(void* address, std::size_t bytes) noexcept override;
    Status unmap(void* address, std::size_t bytes) noexcept override;
    Status peer_access(int other_ordinal, bool& possible) noexcept override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace triune::sim
