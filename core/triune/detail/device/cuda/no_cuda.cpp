// SPDX-License-Identifier: Apache-2.0
// Stands in for the CUDA backend in a build without the toolkit: there is no device, and opening one says so.
#include <triune/detail/device/cuda/cuda_device.hpp>
#include <triune/detail/device/cuda/nvtx.hpp>

namespace triune::cuda {

int device_count() noexcept { return 0; }

std::string why_no_device() { return "this library was built without CUDA"; }

int current_ordinal() noexcept { return 0; }

std::unique_ptr<Device> open_device(int /*ordinal*/, Status& status) noexcept {
    status = {cuda_error::not_supported, "open_device (built without the CUDA toolkit)"};
    return nullptr;
}

void offer_nvtx() noexcept {}

}  // namespace triune::cuda
