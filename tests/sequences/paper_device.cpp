// SPDX-License-Identifier: Apache-2.0
#include "paper_device.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

namespace triune::sequences {
namespace {

bool gives_back(Verb verb) noexcept {
    return verb == Verb::stream_destroy || verb == Verb::event_destroy || verb == Verb::pinned_release ||
           verb == Verb::memory_release || verb == Verb::address_release || verb == Verb::chunk_release ||
           verb == Verb::unmap;
}

}  // namespace

template <typename Body>
Status PaperDevice::answer(Verb verb, Body&& body) noexcept {
    int error = failures.count_call(verb);
    if (error != 0) {
        ++injected_;
        refused_releases_ += gives_back(verb) ? 1 : 0;
    } else {
        error = body();
    }
    return error == 0 ? success : Status{error, to_string(verb)};
}

PaperDevice::PaperDevice(std::size_t capacity_bytes, std::size_t granularity) : memory_(capacity_bytes, granularity) {
    properties_.name = "paper";
    properties_.total_bytes = capacity_bytes;
    properties_.chunk_granularity = granularity;
    properties_.virtual_memory = true;
    properties_.device_events = true;
}

PaperDevice::~PaperDevice() {
    for (void* const address : pinned_) std::free(address);
}

int PaperDevice::refuse(int error, const std::string& sentence) {
    if (misuse_.empty()) misuse_ = sentence;
    return error;
}

int PaperDevice::enqueue(StreamHandle stream, std::function<void()> run, PaperCapture after) {
    const auto found = streams_.find(stream);
    if (!found) return refuse(cuda_error::invalid_resource_handle, "work was given to a dead stream");
    PaperStreams::enqueue(*found, {std::move(run), std::move(after)});
    return 0;
}

PaperCapture* PaperDevice::event(EventHandle event) {
    const auto found = events_.find(event);
    if (found != events_.end()) return &found->second;
    refuse(0, "a dead event was used");
    return nullptr;
}

// --- for tests

void PaperDevice::write(const void* address, std::size_t bytes, std::uint8_t value, StreamHandle stream) {
    enqueue(stream, [=, this] { put(const_cast<void*>(address), bytes, {{bytes, value}}); });
}

void PaperDevice::expect(const void* address, std::size_t bytes, std::uint8_t value, StreamHandle stream) {
    enqueue(stream, [=, this] {
        const Runs found = read(address, bytes);
        if (found == Runs{{bytes, value}}) return;
        const int there = found.empty() ? -1 : found.front().value == value ? found.back().value : found.front().value;
        refuse(0, "a block that holds " + std::to_string(value) + " was found to hold " + std::to_string(there));
    });
}

Runs PaperDevice::contents(const void* address, std::size_t bytes) const {
    const auto pieces = memory_.find(address, bytes);
    return pieces ? memory_.read(*pieces) : Runs{};
}

void PaperDevice::order(StreamHandle later, StreamHandle earlier) {
    const auto found = streams_.find(earlier);
    enqueue(later, {}, {{found, found->queued}});
}

void PaperDevice::finish(StreamHandle stream) {
    const auto found = streams_.find(stream);
    PaperStreams::reach({{found, found->queued}});
}

bool PaperDevice::holds_nothing_but(std::size_t streams) const noexcept {
    return memory_.empty() && events_.empty() && pinned_.empty() && streams_.count() == streams;
}

std::string PaperDevice::describe() const {
    return memory_.describe() + ", " + std::to_string(events_.size()) + " events, " + std::to_string(pinned_.size()) +
           " pieces of pinned memory and " + std::to_string(streams_.count()) + " streams are left";
}

// --- streams and events

Status PaperDevice::memory_info(DeviceMemoryInfo& info) noexcept {
    return answer(Verb::memory_info, [&] {
        info = {memory_.free_bytes(), properties_.total_bytes};
        return 0;
    });
}

Status PaperDevice::synchronize() noexcept {
    return answer(Verb::synchronize, [&] {
        finish_all();
        return 0;
    });
}

// Whoever waits runs the work itself, so that no wait takes any time.
Status PaperDevice::synchronize_within(std::chrono::nanoseconds, bool& complete) noexcept {
    return answer(Verb::synchronize_within, [&] {
        finish_all();
        complete = true;
        return 0;
    });
}

Status PaperDevice::last_error() noexcept {
    return answer(Verb::last_error, [] { return 0; });
}

Status PaperDevice::stream_create(StreamHandle& stream) noexcept {
    return answer(Verb::stream_create, [&] {
        stream = streams_.create();
        return 0;
    });
}

Status PaperDevice::stream_destroy(StreamHandle stream) noexcept {
    return answer(Verb::stream_destroy, [&] {
        if (streams_.destroy(stream)) return 0;
        return refuse(cuda_error::invalid_resource_handle, "a dead stream was destroyed");
    });
}

Status PaperDevice::stream_synchronize(StreamHandle stream) noexcept {
    return answer(Verb::stream_synchronize, [&] {
        if (!streams_.find(stream)) return refuse(cuda_error::invalid_resource_handle, "a dead stream was waited for");
        finish(stream);
        return 0;
    });
}

Status PaperDevice::stream_query(StreamHandle stream, bool& idle) noexcept {
    return answer(Verb::stream_query, [&] {
        const auto found = streams_.find(stream);
        if (!found) return refuse(cuda_error::invalid_resource_handle, "a dead stream was asked");
        idle = found->finished == found->queued;
        return 0;
    });
}

Status PaperDevice::stream_wait(StreamHandle stream, EventHandle handle) noexcept {
    return answer(Verb::stream_wait, [&] {
        const PaperCapture* const captured = event(handle);
        return captured == nullptr ? cuda_error::invalid_resource_handle : enqueue(stream, {}, *captured);
    });
}

Status PaperDevice::stream_id(StreamHandle stream, std::uint64_t& id) noexcept {
    return answer(Verb::stream_id, [&] {
        const auto found = streams_.find(stream);
        if (!found) return refuse(cuda_error::invalid_resource_handle, "a dead stream was asked for its number");
        id = found->id;
        return 0;
    });
}

Status PaperDevice::stream_state(StreamHandle stream, StreamState& state) noexcept {
    return answer(Verb::stream_state, [&] {
        if (!streams_.find(stream)) return refuse(cuda_error::invalid_resource_handle, "a dead stream was asked");
        state = {};
        return 0;
    });
}

Status PaperDevice::stream_call(StreamHandle stream, HostFunction function, void* argument) noexcept {
    return answer(Verb::stream_call, [&] { return enqueue(stream, [=] { function(argument); }); });
}

Status PaperDevice::event_create(EventHandle& made, EventUse) noexcept {
    return answer(Verb::event_create, [&] {
        made = reinterpret_cast<EventHandle>(++last_event_);
        events_.emplace(made, PaperCapture{});
        return 0;
    });
}

Status PaperDevice::event_destroy(EventHandle handle) noexcept {
    return answer(Verb::event_destroy, [&] {
        return event(handle) != nullptr && events_.erase(handle) > 0 ? 0 : cuda_error::invalid_resource_handle;
    });
}

Status PaperDevice::event_record(EventHandle handle, StreamHandle stream) noexcept {
    return answer(Verb::event_record, [&] {
        PaperCapture* const captured = event(handle);
        const auto found = streams_.find(stream);
        if (!found) return refuse(cuda_error::invalid_resource_handle, "an event was recorded on a dead stream");
        if (captured == nullptr) return cuda_error::invalid_resource_handle;
        *captured = {{found, found->queued}};
        return 0;
    });
}

Status PaperDevice::event_record_device(EventHandle handle) noexcept {
    return answer(Verb::event_record_device, [&] {
        PaperCapture* const captured = event(handle);
        if (captured == nullptr) return cuda_error::invalid_resource_handle;
        *captured = streams_.capture_all();
        return 0;
    });
}

Status PaperDevice::event_query(EventHandle handle, bool& complete) noexcept {
    return answer(Verb::event_query, [&] {
        const PaperCapture* const captured = event(handle);
        if (captured == nullptr) return cuda_error::invalid_resource_handle;
        complete = PaperStreams::reached(*captured);
        return 0;
    });
}

Status PaperDevice::event_synchronize(EventHandle handle) noexcept {
    return answer(Verb::event_synchronize, [&] {
        const PaperCapture* const captured = event(handle);
        if (captured == nullptr) return cuda_error::invalid_resource_handle;
        PaperStreams::reach(*captured);
        return 0;
    });
}

Status PaperDevice::event_wait(EventHandle handle, std::chrono::nanoseconds, bool& complete) noexcept {
    return answer(Verb::event_wait, [&] {
        const PaperCapture* const captured = event(handle);
        if (captured == nullptr) return cuda_error::invalid_resource_handle;
        PaperStreams::reach(*captured);
        complete = true;
        return 0;
    });
}

// --- bytes

Runs PaperDevice::read(const void* address, std::size_t bytes) {
    if (!memory_.owns(address)) return runs_of(static_cast<const std::uint8_t*>(address), bytes);
    const auto pieces = memory_.find(address, bytes);
    if (!pieces) refuse(0, "work read memory that is not mapped any more");
    return pieces ? memory_.read(*pieces) : Runs{{bytes, 0}};
}

void PaperDevice::put(void* address, std::size_t bytes, const Runs& values) {
    if (memory_.owns(address)) {
        const auto pieces = memory_.find(address, bytes);
        if (!pieces) return static_cast<void>(refuse(0, "work wrote memory that is not mapped any more"));
        return memory_.write(*pieces, values);
    }
    auto* next = static_cast<std::uint8_t*>(address);
    for (const Run& run : values)
        next = static_cast<std::uint8_t*>(std::memset(next, run.value, run.bytes)) + run.bytes;
}

int PaperDevice::enqueue_copy(std::vector<CopyPiece> pieces, StreamHandle stream) {
    for (const auto& [to, from, bytes] : pieces) {
        if ((memory_.owns(to) && !memory_.find(to, bytes)) || (memory_.owns(from) && !memory_.find(from, bytes)))
            return refuse(cuda_error::illegal_address, "a copy leaves its mapping");
    }
    return enqueue(stream, [this, pieces = std::move(pieces)] {
        for (auto each = pieces.rbegin(); each != pieces.rend(); ++each) {
            put(each->to, each->bytes, each->from == nullptr ? Runs{{each->bytes, 0}} : read(each->from, each->bytes));
        }
    });
}

Status PaperDevice::copy(void* to, const void* from, std::size_t bytes, StreamHandle stream) noexcept {
    return answer(Verb::copy, [&] { return bytes == 0 ? 0 : enqueue_copy({{to, from, bytes}}, stream); });
}

Status PaperDevice::copy_on_device(std::span<const CopyPiece> pieces, StreamHandle stream) noexcept {
    return answer(Verb::copy_on_device, [&] {
        std::vector<CopyPiece> copies(pieces.begin(), pieces.end());
        std::erase_if(copies, [](const CopyPiece& piece) { return piece.bytes == 0; });
        return copies.empty() ? 0 : enqueue_copy(std::move(copies), stream);
    });
}

// Values whose bytes differ are no run: nobody here fills with such.
Status PaperDevice::fill(void* to, std::uint32_t value, unsigned width, std::size_t count,
                         StreamHandle stream) noexcept {
    return answer(Verb::fill, [&] {
        const auto byte = static_cast<std::uint8_t>(value);
        if (width > 1 && value != byte * (width == 2 ? 0x101U : 0x1010101U)) return cuda_error::not_supported;
        if (count == 0) return 0;
        if (!memory_.find(to, count * width)) return refuse(cuda_error::illegal_address, "a fill leaves its mapping");
        return enqueue(stream, [=, this] { put(to, count * width, {{count * width, byte}}); });
    });
}

// --- memory

Status PaperDevice::pinned_allocate(void*& address, std::size_t bytes) noexcept {
    return answer(Verb::pinned_allocate, [&] {
        address = *pinned_.insert(std::malloc(bytes)).first;
        return 0;
    });
}

Status PaperDevice::pinned_release(void* address) noexcept {
    return answer(Verb::pinned_release, [&] {
        if (pinned_.erase(address) == 0) return refuse(cuda_error::invalid_value, "no pinned memory was released");
        std::free(address);
        return 0;
    });
}

Status PaperDevice::memory_allocate(void*&, std::size_t) noexcept {
    return answer(Verb::memory_allocate, [] { return cuda_error::not_supported; });
}
Status PaperDevice::memory_release(void*) noexcept {
    return answer(Verb::memory_release, [] { return cuda_error::not_supported; });
}
Status PaperDevice::address_reserve(void*& address, std::size_t bytes) noexcept {
    return answer(Verb::address_reserve, [&] { return memory_.reserve(address, bytes); });
}
Status PaperDevice::address_release(void* address, std::size_t bytes) noexcept {
    return answer(Verb::address_release, [&] {
        const int error = memory_.release_reservation(address, bytes);
        // Where an unmap was refused, something is mapped there still.
        if (error == 0 || refused_releases_ > 0) return error;
        return refuse(error, "addresses were released that are mapped or nobody's");
    });
}
Status PaperDevice::chunk_create(ChunkHandle& chunk, std::size_t bytes) noexcept {
    return answer(Verb::chunk_create, [&] { return memory_.create(chunk, bytes); });
}
Status PaperDevice::chunk_release(ChunkHandle chunk) noexcept {
    return answer(Verb::chunk_release, [&] {
        const int error = memory_.release(chunk);
        return error == 0 ? 0 : refuse(error, "a dead chunk was released");
    });
}
Status PaperDevice::map(void* address, ChunkHandle chunk, std::size_t bytes) noexcept {
    return answer(Verb::map, [&] {
        const int error = memory_.map(address, chunk, bytes);
        return error == 0 ? 0 : refuse(error, "a chunk was mapped where it cannot be");
    });
}
Status PaperDevice::set_access(void* address, std::size_t bytes) noexcept {
    return answer(Verb::set_access, [&] {
        const int error = memory_.set_access(address, bytes);
        return error == 0 ? 0 : refuse(error, "access was asked for where nothing is mapped");
    });
}
Status PaperDevice::unmap(void* address, std::size_t bytes) noexcept {
    return answer(Verb::unmap, [&] {
        const int error = memory_.unmap(address, bytes);
        return error == 0 ? 0 : refuse(error, "what is not mapped was unmapped");
    });
}
Status PaperDevice::peer_access(int, bool& possible) noexcept {
    return answer(Verb::peer_access, [&] {
        possible = false;
        return 0;
    });
}

}  // namespace triune::sequences
