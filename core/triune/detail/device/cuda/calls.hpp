// SPDX-License-Identifier: Apache-2.0
// What each verb of the CUDA backend is made of.
#pragma once

#include <cuda.h>
#include <cuda_runtime_api.h>

#include <triune/base/status.hpp>
#include <triune/device/device.hpp>

namespace triune::cuda {

// The status of a runtime call. The runtime remembers a failure until somebody asks; asking here keeps the next
// `cudaGetLastError()` of the application about the application.
inline Status runtime(cudaError_t error, const char* call) noexcept {
    if (error == cudaSuccess) return success;
    static_cast<void>(cudaGetLastError());
    return {static_cast<int>(error), call};
}

inline cudaStream_t stream_of(StreamHandle handle) noexcept { return static_cast<cudaStream_t>(handle); }
inline cudaEvent_t event_of(EventHandle handle) noexcept { return static_cast<cudaEvent_t>(handle); }
inline CUdeviceptr address_of(const void* address) noexcept { return reinterpret_cast<CUdeviceptr>(address); }

// A query's answer: "not ready" is no failure.
inline Status answer(Status status, bool& complete) noexcept {
    if (!status.ok() && status.cuda_error != cuda_error::not_ready) return status;
    complete = status.ok();
    return success;
}

// Physical memory of the device, not shared with other processes.
inline CUmemAllocationProp chunk_kind(int ordinal) noexcept {
    CUmemAllocationProp kind{};
    kind.type = CU_MEM_ALLOCATION_TYPE_PINNED;
    kind.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
    kind.location.id = ordinal;
    return kind;
}

}  // namespace triune::cuda
