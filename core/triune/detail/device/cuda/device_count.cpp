// SPDX-License-Identifier: Apache-2.0
// How many devices the driver shows, and why none.
#include <triune/detail/device/cuda/cuda_device.hpp>

#include <cuda_runtime_api.h>

#include <string>

#include <triune/detail/base/environment.hpp>
#include <triune/detail/device/cuda/calls.hpp>

namespace triune::cuda {
namespace {

// Of 1000 * major + 10 * minor.
std::string version_text(int version) {
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::string driver_is_insufficient() {
    int driver = 0;
    int runtime = 0;
    static_cast<void>(cuda::runtime(cudaDriverGetVersion(&driver), "cudaDriverGetVersion"));
    static_cast<void>(cuda::runtime(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion"));
    if (driver == 0) return "no NVIDIA driver is installed (libcuda.so.1 was not found)";
    return "the NVIDIA driver is older than the library needs: it serves CUDA " + version_text(driver) +
           ", and the library was built with CUDA " + version_text(runtime);
}

std::string driver_shows_none() {
    const char* const variable = "CUDA_VISIBLE_DEVICES";
    if (!environment::is_set(variable)) return "the NVIDIA driver shows no device";
    return "the NVIDIA driver shows no device (CUDA_VISIBLE_DEVICES is '" + std::string(environment::text(variable)) +
           "')";
}

}  // namespace

int device_count() noexcept {
    int count = 0;
    return runtime(cudaGetDeviceCount(&count), "cudaGetDeviceCount").ok() ? count : 0;
}

std::string why_no_device() {
    int count = 0;
    const cudaError_t error = cudaGetDeviceCount(&count);
    static_cast<void>(runtime(error, "cudaGetDeviceCount"));
    if (error == cudaErrorInsufficientDriver) return driver_is_insufficient();
    if (error == cudaErrorNoDevice || error == cudaSuccess) return driver_shows_none();
    return "CUDA answers with error " + std::to_string(static_cast<int>(error)) + ", " + cudaGetErrorName(error) +
           " (" + cudaGetErrorString(error) + ")";
}

}  // namespace triune::cuda
