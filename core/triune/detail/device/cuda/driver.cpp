// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/driver.hpp>

#include <cuda_runtime_api.h>

namespace triune::cuda {

void* entry_point(const char* name, unsigned version) noexcept {
    void* function = nullptr;
    cudaDriverEntryPointQueryResult found = cudaDriverEntryPointSymbolNotFound;
    // The legacy default stream is asked for by name, so that a null stream means the same in every translation unit.
#if CUDART_VERSION >= 12050
    const cudaError_t error =
        cudaGetDriverEntryPointByVersion(name, &function, version, cudaEnableLegacyStream, &found);
#else
    // Older toolkits find what was there in their own version, which serves for all that they could ask by version.
    static_cast<void>(version);
    const cudaError_t error = cudaGetDriverEntryPoint(name, &function, cudaEnableLegacyStream, &found);
#endif
    if (error != cudaSuccess) {
        static_cast<void>(cudaGetLastError());
        return nullptr;
    }
    return found == cudaDriverEntryPointSuccess ? function : nullptr;
}

const Driver& driver() noexcept {
    static const Driver table;
    return table;
}

}  // namespace triune::cuda
