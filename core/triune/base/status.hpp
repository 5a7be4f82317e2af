// SPDX-License-Identifier: Apache-2.0
// The result of one verb of the device seam: a CUDA error number, 0 for success.
#pragma once

namespace triune {

// CUDA error numbers that the library itself produces or tells apart (values: driver_types.h, `enum cudaError`).
// The simulated device answers with the same numbers, so callers need not know which device they have.
namespace cuda_error {
inline constexpr int success = 0;
inline constexpr int invalid_value = 1;
inline constexpr int out_of_memory = 2;
inline constexpr int not_initialized = 3;
inline constexpr int deinitialized = 4;
inline constexpr int invalid_resource_handle = 400;
inline constexpr int not_ready = 600;
inline constexpr int illegal_address = 700;
inline constexpr int not_permitted = 800;
inline constexpr int not_supported = 801;
inline constexpr int stream_capture_unsupported = 900;
inline constexpr int stream_capture_implicit = 906;
inline constexpr int captured_event = 907;
inline constexpr int unknown = 999;
}  // namespace cuda_error

// `verb` is a string literal that names the call that failed; it is for messages only.
struct [[nodiscard]] Status {
    int cuda_error = 0;
    const char* verb = "";

    bool ok() const noexcept { return cuda_error == 0; }
};

inline constexpr Status success{};

}  // namespace triune
