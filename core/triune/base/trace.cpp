#include <triune/base/trace.hpp>

#include <atomic>

namespace triune::trace {
namespace {

std::atomic<const Sink*> current{nullptr};

}  // namespace

void set_sink(const Sink* sink) noexcept { current.store(sink, std::memory_order_release); }

void offer_sink(const Sink* sink) noexcept {
    const Sink* none = nullptr;
    current.compare_exchange_strong(none, sink, std::memory_order_acq_rel);
}

const Sink* sink() noexcept { return current.load(std::memory_order_acquire); }

}  // namespace triune::trace
