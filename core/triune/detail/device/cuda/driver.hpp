// SPDX-License-Identifier: Apache-2.0
// Driver entry points, looked up at run time: nothing is linked to libcuda, so one binary runs with and without it.
#pragma once

#include <cuda.h>

#include <triune/base/status.hpp>

namespace triune::cuda {

// Null where the driver does not offer `name` as it was in CUDA `version` (1000 * major + 10 * minor). Leaves no CUDA
// error behind.
void* entry_point(const char* name, unsigned version) noexcept;

// One driver function. Calling one that the driver lacks answers not_supported; testing it first asks a capability.
// Driver error numbers are the runtime's own (cudaErrorMemoryAllocation is CUDA_ERROR_OUT_OF_MEMORY, and so on), and a
// driver call never touches the runtime's "last error", so there is nothing to convert and nothing to clear.
template <class Function>
class Entry;

template <class... Arguments>
class Entry<CUresult(Arguments...)> {
  public:
    explicit Entry(const char* name, unsigned version = 12000) noexcept
        : name_(name), function_(reinterpret_cast<CUresult (*)(Arguments...)>(entry_point(name, version))) {}

    explicit operator bool() const noexcept { return function_ != nullptr; }

    Status operator()(Arguments... arguments) const noexcept {
        if (function_ == nullptr) return {cuda_error::not_supported, name_};
        return {static_cast<int>(function_(arguments...)), name_};
    }

  private:
    const char* name_;
    CUresult (*function_)(Arguments...);
};

// The table. Types come from the toolkit's header, except where a toolkit of CUDA 12.0 does not have the function yet.
struct Driver {
    Entry<decltype(cuInit)> init{"cuInit"};
    Entry<decltype(cuDeviceGet)> device_get{"cuDeviceGet"};
    Entry<decltype(cuDeviceGetAttribute)> device_attribute{"cuDeviceGetAttribute"};
    Entry<decltype(cuDevicePrimaryCtxRetain)> primary_context_retain{"cuDevicePrimaryCtxRetain"};
    Entry<decltype(cuCtxGetCurrent)> context_get{"cuCtxGetCurrent"};
    Entry<decltype(cuCtxPushCurrent)> context_push{"cuCtxPushCurrent"};
    Entry<decltype(cuCtxPopCurrent)> context_pop{"cuCtxPopCurrent"};
    Entry<decltype(cuPointerGetAttribute)> pointer_attribute{"cuPointerGetAttribute"};
    Entry<CUresult(CUcontext, CUevent)> context_record_event{"cuCtxRecordEvent", 12050};

    Entry<decltype(cuStreamGetId)> stream_id{"cuStreamGetId"};
    Entry<decltype(cuStreamGetCtx)> stream_context{"cuStreamGetCtx"};
    Entry<CUresult(CUstream, CUdevice*)> stream_device{"cuStreamGetDevice", 12080};
    Entry<decltype(cuStreamIsCapturing)> stream_is_capturing{"cuStreamIsCapturing"};
    Entry<decltype(cuThreadExchangeStreamCaptureMode)> exchange_capture_mode{"cuThreadExchangeStreamCaptureMode"};
    Entry<decltype(cuStreamQuery)> stream_query{"cuStreamQuery"};
    Entry<decltype(cuEventQuery)> event_query{"cuEventQuery"};
    Entry<decltype(cuMemsetD8Async)> fill_1{"cuMemsetD8Async"};
    Entry<decltype(cuMemsetD16Async)> fill_2{"cuMemsetD16Async"};
    Entry<decltype(cuMemsetD32Async)> fill_4{"cuMemsetD32Async"};

    Entry<decltype(cuMemGetAllocationGranularity)> granularity{"cuMemGetAllocationGranularity"};
    Entry<decltype(cuMemAddressReserve)> address_reserve{"cuMemAddressReserve"};
    Entry<decltype(cuMemAddressFree)> address_free{"cuMemAddressFree"};
    Entry<decltype(cuMemCreate)> chunk_create{"cuMemCreate"};
    Entry<decltype(cuMemRelease)> chunk_release{"cuMemRelease"};
    Entry<decltype(cuMemMap)> map{"cuMemMap"};
    Entry<decltype(cuMemSetAccess)> set_access{"cuMemSetAccess"};
    Entry<decltype(cuMemUnmap)> unmap{"cuMemUnmap"};

    bool has_virtual_memory() const noexcept {
        return granularity && address_reserve && address_free && chunk_create && chunk_release && map && set_access &&
               unmap;
    }
};

// Looked up at the first call, for the process's life. Where there is no driver every entry answers not_supported.
const Driver& driver() noexcept;

}  // namespace triune::cuda
