// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/nvtx.hpp>

#if __has_include(<nvtx3/nvToolsExt.h>)  // a package of its own in some toolkits

#include <algorithm>
#include <array>
#include <cstdio>

#include <triune/base/trace.hpp>
#include <triune/detail/device/cuda/nvtx_domain.hpp>

namespace triune::cuda {
namespace {

void begin(const char* what, std::string_view of) noexcept {
    std::array<char, 128> text{};  // a longer name is cut
    const int shown = static_cast<int>(std::min(of.size(), text.size()));
    std::snprintf(text.data(), text.size(), of.empty() ? "%s" : "%s '%.*s'", what, shown, of.data());
    nvtxEventAttributes_t attributes{};
    attributes.version = NVTX_VERSION;
    attributes.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
    attributes.messageType = NVTX_MESSAGE_TYPE_ASCII;
    attributes.message.ascii = text.data();  // NVTX copies it
    nvtxDomainRangePushEx(nvtx_domain(), &attributes);
}

void end() noexcept { nvtxDomainRangePop(nvtx_domain()); }

constexpr trace::Sink nvtx{&begin, &end};

}  // namespace

void offer_nvtx() noexcept {
    if (nvtx_domain() != nullptr) trace::offer_sink(&nvtx);
}

}  // namespace triune::cuda

#else

void triune::cuda::offer_nvtx() noexcept {}

#endif
