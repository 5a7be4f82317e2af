// SPDX-License-Identifier: Apache-2.0
#include "counting_device.hpp"

#include <sys/mman.h>

#include <triune/base/units.hpp>

namespace bench {

CountingDevice::CountingDevice(std::size_t total_bytes) {
    properties_.name = "counting device";
    properties_.total_bytes = total_bytes;
    properties_.chunk_granularity = 2 * triune::MiB;
    properties_.virtual_memory = true;
    properties_.device_events = true;
}

Status CountingDevice::memory_info(triune::DeviceMemoryInfo& info) noexcept {
    info = {properties_.total_bytes, properties_.total_bytes};
    return {};
}

// No address of anything, and never twice the same.
void* CountingDevice::next_handle() noexcept { return reinterpret_cast<void*>(++handles_ * 64); }

Status CountingDevice::unsupported(const char* verb) noexcept { return {triune::cuda_error::not_supported, verb}; }

Status CountingDevice::stream_create(StreamHandle& stream) noexcept {
    stream = next_handle();
    return {};
}

Status CountingDevice::done(bool& complete) noexcept {
    complete = true;
    return {};
}

Status CountingDevice::stream_query(StreamHandle, bool& idle) noexcept { return done(idle); }

Status CountingDevice::stream_state(StreamHandle, triune::StreamState& state) noexcept {
    state = {};
    return {};
}

Status CountingDevice::stream_id(StreamHandle stream, std::uint64_t& id) noexcept {
    id = reinterpret_cast<std::uintptr_t>(stream);
    return {};
}

Status CountingDevice::stream_call(StreamHandle, HostFunction function, void* argument) noexcept {
    function(argument);
    return {};
}

Status CountingDevice::event_create(EventHandle& event, triune::EventUse) noexcept {
    event = next_handle();
    return {};
}

Status CountingDevice::event_query(EventHandle, bool& complete) noexcept { return done(complete); }

Status CountingDevice::address_reserve(void*& address, std::size_t bytes) noexcept {
    void* const reserved = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED) return {triune::cuda_error::out_of_memory, "address_reserve"};
    address = reserved;
    return {};
}

Status CountingDevice::address_release(void* address, std::size_t bytes) noexcept {
    return ::munmap(address, bytes) == 0 ? Status{} : Status{triune::cuda_error::invalid_value, "address_release"};
}

Status CountingDevice::chunk_create(triune::ChunkHandle& chunk, std::size_t) noexcept {
    chunk = ++handles_;
    ++counts_.created;
    return {};
}

Status CountingDevice::map(void*, triune::ChunkHandle, std::size_t) noexcept {
    ++counts_.mapped;
    return {};
}

Status CountingDevice::unmap(void*, std::size_t) noexcept {
    ++counts_.unmapped;
    return {};
}

Status CountingDevice::peer_access(int, bool& possible) noexcept {
    possible = false;
    return {};
}

}  // namespace bench
