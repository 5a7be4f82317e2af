// SPDX-License-Identifier: Apache-2.0
#include <triune/device/cuda/own_streams.hpp>

#include <mutex>
#include <new>

#include <triune/device/cuda/driver.hpp>

namespace triune::cuda {
namespace {

struct DestroyEvent {
    void operator()(const cudaEvent_t* event) const noexcept {
        if (cudaEventDestroy(*event) != cudaSuccess) static_cast<void>(cudaGetLastError());
        delete event;
    }
};

}  // namespace

cudaError_t OwnStreams::add(cudaStream_t stream) noexcept {
    cudaEvent_t event = nullptr;
    const cudaError_t made = cudaEventCreateWithFlags(&event, cudaEventDisableTiming | cudaEventBlockingSync);
    if (made != cudaSuccess) return made;
    try {
        const WaitedEvent owned(new cudaEvent_t(event), DestroyEvent());
        const std::lock_guard lock(mutex_);
        entries_.push_back({stream, owned});
    } catch (const std::bad_alloc&) {
        return cudaErrorMemoryAllocation;
    }
    return cudaSuccess;
}

void OwnStreams::remove(cudaStream_t stream) noexcept {
    WaitedEvent event;  // destroyed without the lock
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
        if (entry.stream != stream) continue;
        event = std::move(entry.event);
        entry = std::move(entries_.back());
        entries_.pop_back();
        return;
    }
}

std::vector<OwnStreams::WaitedEvent> OwnStreams::record_all() {
    std::vector<WaitedEvent> recorded;
    const std::lock_guard lock(mutex_);
    recorded.reserve(entries_.size());
    for (const Entry& entry : entries_) {
        CUstreamCaptureStatus capture = CU_STREAM_CAPTURE_STATUS_NONE;
        const Status asked = driver().stream_is_capturing(entry.stream, &capture);
        if (!asked.ok() || capture != CU_STREAM_CAPTURE_STATUS_NONE) continue;
        if (cudaEventRecord(*entry.event, entry.stream) == cudaSuccess) {
            recorded.push_back(entry.event);
        } else {
            static_cast<void>(cudaGetLastError());
        }
    }
    return recorded;
}

}  // namespace triune::cuda
