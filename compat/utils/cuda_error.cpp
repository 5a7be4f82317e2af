// SPDX-License-Identifier: Apache-2.0
#include "utils/cuda_error_handling.hpp"

namespace utils {

const char* to_string(CudaError error) noexcept {
    switch (error) {
        case CudaError::Success:
            return "no error";
        case CudaError::InvalidValue:
            return "invalid argument";
        case CudaError::OutOfMemory:
            return "out of memory";
        case CudaError::NotInitialized:
            return "not initialized";
        case CudaError::DeInitialized:
            return "driver shutting down";
        case CudaError::InvalidConfiguration:
            return "invalid configuration";
        case CudaError::InvalidHostPointer:
            return "invalid host pointer";
        case CudaError::InvalidDevicePointer:
            return "invalid device pointer";
        case CudaError::InvalidMemcpyDirection:
            return "invalid copy direction";
        case CudaError::InvalidResourceHandle:
            return "invalid resource handle";
        case CudaError::NotReady:
            return "not ready";
        case CudaError::NoDevice:
            return "no CUDA device";
        case CudaError::InvalidContext:
            return "invalid context";
        case CudaError::LaunchFailure:
            return "launch failure";
        case CudaError::Unknown:
            return "unknown error";
    }
    return "unrecognized error code";
}

CudaException::CudaException(CudaError code, const std::string& what) : std::runtime_error(what), code_(code) {}
CudaException::~CudaException() = default;

}  // namespace utils
