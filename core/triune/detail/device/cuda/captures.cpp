// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/captures.hpp>

#include <triune/detail/base/environment.hpp>
#include <triune/detail/device/cuda/driver.hpp>

namespace triune::cuda {

bool captures_are_announced() noexcept {
    static const environment::Switch announced("TRIUNE_GRAPH_CAPTURE");
    return announced.is_on();
}

Status ask_capture(CUstream stream, bool& capturing) noexcept {
    CUstreamCaptureStatus capture = CU_STREAM_CAPTURE_STATUS_NONE;
    const Status asked = driver().stream_is_capturing(stream, &capture);
    const bool implicit = asked.cuda_error == cuda_error::stream_capture_implicit;
    capturing = implicit || (asked.ok() && capture != CU_STREAM_CAPTURE_STATUS_NONE);
    return implicit ? success : asked;
}

}  // namespace triune::cuda
