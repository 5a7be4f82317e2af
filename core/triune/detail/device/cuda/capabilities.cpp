// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/capabilities.hpp>

#include <triune/base/units.hpp>
#include <triune/detail/device/cuda/calls.hpp>
#include <triune/detail/device/cuda/current_context.hpp>
#include <triune/detail/device/cuda/driver.hpp>
#include <triune/detail/device/cuda/nvtx_memory.hpp>

namespace triune::cuda {

void ask_capabilities(CUdevice device, CUcontext context, DeviceProperties& properties) noexcept {
    properties.device_events = static_cast<bool>(driver().context_record_event);
    properties.unseen_captures = true;
    properties.chunk_granularity = 2 * MiB;
    if (offer_nvtx_memory()) return;  // which takes no mapped memory

    int supported = 0;
    const CUdevice_attribute attribute = CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED;
    if (!driver().has_virtual_memory() || !driver().device_attribute(&supported, attribute, device).ok()) return;
    if (supported == 0) return;

    const CurrentContext current(context);
    const CUmemAllocationProp kind = chunk_kind(properties.ordinal);
    std::size_t granularity = 0;
    if (!driver().granularity(&granularity, &kind, CU_MEM_ALLOC_GRANULARITY_RECOMMENDED).ok()) return;
    properties.chunk_granularity = granularity;
    properties.virtual_memory = true;
}

}  // namespace triune::cuda
