// SPDX-License-Identifier: Apache-2.0
// The context in which a thread's calls to CUDA work.
#pragma once

#include <cuda.h>

#include <triune/base/status.hpp>
#include <triune/device/cuda/driver.hpp>

namespace triune::cuda {

// Makes a context current for one call and puts the thread's own back. Pushing, in place of cudaSetDevice twice, also
// gives back "none" and contexts that are no device's primary one. Costs one look where the context is current already.
class CurrentContext {
  public:
    explicit CurrentContext(CUcontext context) noexcept {
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
    }

    Status status() const noexcept { return status_; }

  private:
    Status status_;
    bool pushed_ = false;
};

}  // namespace triune::cuda
