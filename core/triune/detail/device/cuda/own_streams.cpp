// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/own_streams.hpp>

#include <mutex>
#include <new>

#include <triune/detail/device/cuda/captures.hpp>
#include <triune/detail/device/cuda/driver.hpp>

namespace triune::cuda {
namespace {

bool may_be_capturing(cudaStream_t stream) noexcept {
    bool capturing = false;
    return !ask_capture(stream, capturing).ok() || capturing;
}

}  // namespace

OwnStreams::Recorded::~Recorded() {
    if (event_ != nullptr && cudaEventDestroy(event_) != cudaSuccess) static_cast<void>(cudaGetLastError());
}

cudaError_t OwnStreams::add(cudaStream_t stream) noexcept {
    const std::lock_guard lock(mutex_);
    try {
        streams_.push_back(stream);
    } catch (const std::bad_alloc&) {
        return cudaErrorMemoryAllocation;
    }
    return cudaSuccess;
}

void OwnStreams::remove(cudaStream_t stream) noexcept {
    const std::lock_guard lock(mutex_);
    std::erase(streams_, stream);
}

// The lock keeps the streams alive meanwhile. A capture may begin between the question and the event, so it is asked
// again: what the graph has got then is asked by nobody. Of what the stream did before, only that wait says less.
std::vector<OwnStreams::Recorded> OwnStreams::record_all() {
    std::vector<Recorded> recorded;
    const std::lock_guard lock(mutex_);
    recorded.reserve(streams_.size());
    for (const cudaStream_t stream : streams_) {
        if (may_be_capturing(stream)) continue;
        cudaEvent_t event = nullptr;
        cudaError_t error = cudaEventCreateWithFlags(&event, cudaEventDisableTiming);
        if (error == cudaSuccess) {
            Recorded made(event);
            error = cudaEventRecord(event, stream);
            if (error == cudaSuccess && !may_be_capturing(stream)) recorded.push_back(std::move(made));
        }
        if (error != cudaSuccess) static_cast<void>(cudaGetLastError());
    }
    return recorded;
}

}  // namespace triune::cuda
