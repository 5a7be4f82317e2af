// SPDX-License-Identifier: Apache-2.0
// A device on paper: exact, in one thread, and without a byte of memory behind it.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <triune/detail/device/sim/sim_failures.hpp>
#include <triune/device/device.hpp>
#include <triune/device/verb.hpp>

#include "paper_memory.hpp"
#include "paper_streams.hpp"

namespace triune::sequences {

// Note [A device on paper]
// The simulated device has threads and real pages, so that one sequence of calls costs a hundred milliseconds on some
// machines. This one costs microseconds: work runs in the thread that waits for it, memory is runs of equal bytes. What
// it is given late it does as late as it may, every time the same way, so a sequence that fails once fails always. It
// is for one thread. The simulated device stays the judge of what it cannot show: threads, and bytes that fault.
class PaperDevice final : public Device {
  public:
    explicit PaperDevice(std::size_t capacity_bytes, std::size_t granularity = std::size_t{2} << 20);
    ~PaperDevice() override;

    // --- for tests
    sim::SimFailures failures;
    // Calls that failed because they were told to.
    std::size_t injected() const noexcept { return injected_; }
    // Of these the calls that would have given something back: the library tells of them and does not try again.
    std::size_t refused_releases() const noexcept { return refused_releases_; }
    const PaperMemory& memory() const noexcept { return memory_; }
    // A kernel that writes or expects one value in all of a range.
    void write(const void* address, std::size_t bytes, std::uint8_t value, StreamHandle stream);
    void expect(const void* address, std::size_t bytes, std::uint8_t value, StreamHandle stream);
    // What is there now, whatever is queued.
    Runs contents(const void* address, std::size_t bytes) const;
    void order(StreamHandle later, StreamHandle earlier);
    void finish(StreamHandle stream);
    void finish_all() { PaperStreams::reach(streams_.capture_all()); }
    bool idle() const { return streams_.idle(); }
    // What was done wrong, and expectations that did not hold; empty where nothing was.
    const std::string& misuse() const noexcept { return misuse_; }
    // Whether nothing is alive but `streams` streams.
    bool holds_nothing_but(std::size_t streams) const noexcept;
    std::string describe() const;

    const DeviceProperties& properties() const noexcept override { return properties_; }
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
    template <typename Body>
    Status answer(Verb verb, Body&& body) noexcept;
    PaperCapture* event(EventHandle event);
    int enqueue(StreamHandle stream, std::function<void()> run, PaperCapture after = {});
    int enqueue_copy(std::vector<CopyPiece> pieces, StreamHandle stream);
    int refuse(int error, const std::string& sentence);
    // Of the device's memory or the host's.
    Runs read(const void* address, std::size_t bytes);
    void put(void* address, std::size_t bytes, const Runs& values);

    DeviceProperties properties_;
    PaperMemory memory_;
    PaperStreams streams_;
    std::map<EventHandle, PaperCapture> events_;
    std::uintptr_t last_event_ = 0;
    std::set<void*> pinned_;
    std::string misuse_;
    std::size_t injected_ = 0;
    std::size_t refused_releases_ = 0;
};

}  // namespace triune::sequences
