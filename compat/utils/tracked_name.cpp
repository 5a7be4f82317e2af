// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string_view>
#include <utility>

#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/default_manager.hpp>

#include "legacy_error.hpp"
#include "utils/gpu_memory.hpp"

namespace utils {

namespace compat = triune::compat;

namespace detail {

namespace {

constexpr triune::AllocationOrigin an_alias{.kind = triune::OwnerKind::alias, .type = nullptr, .where = {}};

}  // namespace

// A record beside that of the buffer's own memory, which has no name: totals count the memory, lists by name this.
struct TrackedName::Impl final : triune::TrackedAllocation {
    Impl(std::string_view name, std::size_t bytes)
        : TrackedAllocation(an_alias, name), size_bytes(bytes), core(triune::default_manager().core()) {
        core->registry.add(*this, bytes);
        intrusive_ptr_add_ref(this);  // the TrackedName's
    }
    void dispose() noexcept override { core->registry.remove(*this); }

    const std::size_t size_bytes;
    const std::shared_ptr<triune::ManagerCore> core;
};

TrackedName::TrackedName(std::string name, std::size_t size_bytes)
    : impl_(compat::with_cuda_exceptions([&] { return new Impl(name, size_bytes); })) {}
TrackedName::~TrackedName() {
    if (impl_ != nullptr) intrusive_ptr_release(impl_);
}
TrackedName::TrackedName(TrackedName&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
TrackedName& TrackedName::operator=(TrackedName&& other) noexcept {
    TrackedName taken(std::move(other));
    std::swap(impl_, taken.impl_);
    return *this;
}

const std::string& TrackedName::name() const noexcept { return impl_->name(); }
std::size_t TrackedName::size_bytes() const noexcept { return impl_->size_bytes; }

}  // namespace detail

std::vector<std::string> check_gpu_memory_leaks() {
    return compat::with_cuda_exceptions([] { return triune::default_manager().report_leaks(); });
}

std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> get_gpu_memory_usage() {
    return compat::with_cuda_exceptions([] { return triune::default_manager().usage_by_name(); });
}

}  // namespace utils
