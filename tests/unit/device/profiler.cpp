// SPDX-License-Identifier: Apache-2.0
// A profiler as NVTX loads one, named by NVTX_INJECTION64_PATH: prints the ranges that it is told of.
#include <nvtx3/nvToolsExt.h>

#include <cstdio>

namespace {

int domain = 0;

nvtxDomainHandle_t create(const char* name) {
    std::printf("domain %s", name);
    return reinterpret_cast<nvtxDomainHandle_t>(&domain);
}
int push(nvtxDomainHandle_t of, const nvtxEventAttributes_t* range) {
    std::printf(", %s", of == reinterpret_cast<nvtxDomainHandle_t>(&domain) ? range->message.ascii : "lost");
    return 0;
}
int pop(nvtxDomainHandle_t /*of*/) {
    std::puts(", end");
    return 0;
}

template <typename Function>
void set(NvtxFunctionTable table, unsigned place, Function* function) {
    *table[place] = reinterpret_cast<NvtxFunctionPointer>(function);
}

}  // namespace

extern "C" int InitializeInjectionNvtx2(NvtxGetExportTableFunc_t export_table) {
    const auto* const callbacks = static_cast<const NvtxExportTableCallbacks*>(export_table(NVTX_ETID_CALLBACKS));
    NvtxFunctionTable table = nullptr;
    unsigned size = 0;
    if (callbacks->GetModuleFunctionTable(NVTX_CB_MODULE_CORE2, &table, &size) == 0) return 0;
    set(table, NVTX_CBID_CORE2_DomainCreateA, &create);
    set(table, NVTX_CBID_CORE2_DomainRangePushEx, &push);
    set(table, NVTX_CBID_CORE2_DomainRangePop, &pop);
    return 1;
}
