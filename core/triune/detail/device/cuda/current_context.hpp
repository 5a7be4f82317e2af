// SPDX-License-Identifier: Apache-2.0
// The context in which a thread's calls to CUDA work.
#pragma once

#include <cuda.h>

#include <triune/base/status.hpp>
#include <triune/detail/device/cuda/driver.hpp>

namespace triune::cuda {

// Makes a context current for one call and puts the thread's own back. Pushing, in place of cudaSetDevice twice, also
// gives back "none" and contexts that are no device's primary one. Costs one look where the context is current already.
// Meanwhile the thread is in the relaxed capture mode: else asking an event or mapping memory would fail while another
// thread captures a graph in the global mode, and that graph would be lost (20 ns, measured on an H200).
class CurrentContext {
  public:
    explicit CurrentContext(CUcontext context) noexcept {
        static_cast<void>(driver().exchange_capture_mode(&capture_mode_));
        CUcontext former = nullptr;
        status_ = driver().context_get(&former);
        if (!status_.ok() || former == context) return;
        status_ = driver().context_push(context);
        pushed_ = status_.ok();
    }
    CurrentContext(const CurrentContext&) = delete;
    CurrentContext& operator=(const CurrentContext&) = delete;
    ~CurrentContext() {
        CUcontext popped = nullptr;
        if (pushed_) static_cast<void>(driver().context_pop(&popped));
        static_cast<void>(driver().exchange_capture_mode(&capture_mode_));
    }

    Status status() const noexcept { return status_; }

  private:
    Status status_;
    bool pushed_ = false;
    CUstreamCaptureMode capture_mode_ = CU_STREAM_CAPTURE_MODE_RELAXED;
};

}  // namespace triune::cuda
