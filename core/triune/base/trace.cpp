// SPDX-License-Identifier: Apache-2.0
#include <triune/base/trace.hpp>

namespace triune::trace {

constinit std::atomic<const Sink*> detail::sink{nullptr};

void set_sink(const Sink* sink) noexcept { detail::sink.store(sink, std::memory_order_release); }

void offer_sink(const Sink* sink) noexcept {
    const Sink* none = nullptr;
    detail::sink.compare_exchange_strong(none, sink, std::memory_order_acq_rel);
}

}  // namespace triune::trace
