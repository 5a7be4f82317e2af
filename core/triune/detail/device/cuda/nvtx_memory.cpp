// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/nvtx_memory.hpp>

#if __has_include(<nvtx3/nvToolsExtMem.h>)  // a package of its own in some toolkits

#include <nvtx3/nvToolsExtMem.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <mutex>
#include <set>

#include <triune/detail/base/environment.hpp>
#include <triune/detail/base/memory_watch.hpp>
#include <triune/detail/device/cuda/current_context.hpp>
#include <triune/detail/device/cuda/driver.hpp>
#include <triune/detail/device/cuda/nvtx_domain.hpp>

namespace triune::cuda {
namespace {

// As long as the process: a pool of a device may outlive every static.
struct Heaps {
    std::mutex mutex;
    std::map<std::uintptr_t, nvtxMemHeapHandle_t> by_begin;
    std::set<std::uintptr_t> regions;

    static Heaps& all() noexcept {
        static auto* const instance = new Heaps;
        return *instance;
    }
};

// A descriptor as the extension for memory wants them, else empty.
template <typename Descriptor>
Descriptor described() noexcept {
    Descriptor made{};
    made.extCompatID = NVTX_EXT_COMPATID_MEM;
    made.structSize = sizeof(made);
    return made;
}

std::uintptr_t number(const void* data) noexcept { return reinterpret_cast<std::uintptr_t>(data); }

// The tool takes a heap of the current context alone; else it answers that "the object is not ready".
CUcontext context_of(const void* data) noexcept {
    CUcontext context = nullptr;
    const auto address = static_cast<CUdeviceptr>(number(data));
    static_cast<void>(driver().pointer_attribute(&context, CU_POINTER_ATTRIBUTE_CONTEXT, address));
    return context;
}

void pool_has(const void* data, std::size_t bytes) noexcept {
    const CurrentContext current(context_of(data));
    nvtxMemVirtualRangeDesc_t range{};
    range.size = bytes;
    range.ptr = data;
    auto heap = described<nvtxMemHeapDesc_t>();
    heap.usage = NVTX_MEM_HEAP_USAGE_TYPE_SUB_ALLOCATOR;
    heap.type = NVTX_MEM_TYPE_VIRTUAL_ADDRESS;
    heap.typeSpecificDescSize = sizeof(range);
    heap.typeSpecificDesc = &range;
    heap.messageType = NVTX_MESSAGE_TYPE_ASCII;
    heap.message.ascii = "triune";
    const nvtxMemHeapHandle_t handle = nvtxMemHeapRegister(nvtx_domain(), &heap);
    Heaps& heaps = Heaps::all();
    const std::lock_guard lock(heaps.mutex);
    heaps.by_begin[number(data)] = handle;
}

void pool_gives_back(const void* data) noexcept {
    Heaps& heaps = Heaps::all();
    const std::lock_guard lock(heaps.mutex);
    const auto found = heaps.by_begin.find(number(data));
    if (found == heaps.by_begin.end()) return;
    const CurrentContext current(context_of(data));
    nvtxMemHeapUnregister(nvtx_domain(), found->second);
    heaps.by_begin.erase(found);
}

void not_in_use(const void* data) noexcept {
    Heaps& heaps = Heaps::all();
    const std::lock_guard lock(heaps.mutex);
    if (heaps.regions.erase(number(data)) == 0) return;
    const CurrentContext current(context_of(data));
    nvtxMemRegionRef_t region{};
    region.pointer = data;
    auto batch = described<nvtxMemRegionsUnregisterBatch_t>();
    batch.refType = NVTX_MEM_REGION_REF_TYPE_POINTER;
    batch.refCount = 1;
    batch.refElementSize = sizeof(region);
    batch.refElements = &region;
    nvtxMemRegionsUnregister(nvtx_domain(), &batch);
}

void in_use(const void* data, std::size_t bytes) noexcept {
    not_in_use(data);  // which is how it changes its size
    Heaps& heaps = Heaps::all();
    const std::lock_guard lock(heaps.mutex);
    const auto behind = heaps.by_begin.upper_bound(number(data));
    if (behind == heaps.by_begin.begin()) return;  // not of a pool
    const CurrentContext current(context_of(data));
    nvtxMemVirtualRangeDesc_t region{};
    region.size = bytes;
    region.ptr = data;
    auto batch = described<nvtxMemRegionsRegisterBatch_t>();
    batch.regionType = NVTX_MEM_TYPE_VIRTUAL_ADDRESS;
    batch.heap = std::prev(behind)->second;
    batch.regionCount = 1;
    batch.regionDescElementSize = sizeof(region);
    batch.regionDescElements = &region;
    nvtxMemRegionsRegister(nvtx_domain(), &batch);
    heaps.regions.insert(number(data));
}

constexpr MemoryWatch watch{&pool_has, &pool_gives_back, &in_use, &not_in_use};

}  // namespace

bool offer_nvtx_memory() noexcept {
    static const environment::Switch asked("TRIUNE_NVTX_MEMORY");
    if (asked.is_on()) set_memory_watch(&watch);
    return asked.is_on();
}

}  // namespace triune::cuda

#else

bool triune::cuda::offer_nvtx_memory() noexcept { return false; }

#endif
