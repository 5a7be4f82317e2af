// SPDX-License-Identifier: Apache-2.0
#include <triune/device/cuda/captures.hpp>

#include <cstdlib>
#include <string_view>

#include <triune/device/cuda/driver.hpp>

namespace triune::cuda {

bool captures_are_announced() noexcept {
    const char* const value = std::getenv("TRIUNE_GRAPH_CAPTURE");
    return value != nullptr && std::string_view(value) != "" && std::string_view(value) != "0";
}

Status ask_capture(CUstream stream, bool& capturing) noexcept {
    CUstreamCaptureStatus capture = CU_STREAM_CAPTURE_STATUS_NONE;
    const Status asked = driver().stream_is_capturing(stream, &capture);
    const bool implicit = asked.cuda_error == cuda_error::stream_capture_implicit;
    capturing = implicit || (asked.ok() && capture != CU_STREAM_CAPTURE_STATUS_NONE);
    return implicit ? success : asked;
}

}  // namespace triune::cuda
