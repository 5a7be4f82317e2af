// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/manager_core.hpp>

#include <mutex>
#include <utility>

#include <triune/manage/device_resources.hpp>

namespace triune {
namespace {

// The managers whose hooks this thread is in: where one of them runs out, its hook would be asked what it asks for.
class InHook {
  public:
    explicit InHook(const ManagerCore& core) noexcept : core_(core), outer_(std::exchange(innermost, this)) {}
    InHook(const InHook&) = delete;
    InHook& operator=(const InHook&) = delete;
    ~InHook() { innermost = outer_; }

    static bool of(const ManagerCore& core) noexcept {
        const InHook* each = innermost;
        while (each != nullptr && &each->core_ != &core) each = each->outer_;
        return each != nullptr;
    }

  private:
    static constinit thread_local const InHook* innermost;

    const ManagerCore& core_;
    const InHook* const outer_;
};

constinit thread_local const InHook* InHook::innermost = nullptr;

}  // namespace

// What a hook has captured, perhaps buffers of this manager, is neither copied nor destroyed under the lock.
void ManagerCore::set_failure_hook(FailureHook hook) {
    auto next = hook ? std::make_shared<const FailureHook>(std::move(hook)) : nullptr;
    const std::lock_guard lock(mutex_);
    hook_.swap(next);
}

void ManagerCore::trim_resources() noexcept { resources->trim(); }

bool ManagerCore::ask_failure_hook(std::size_t bytes) const {
    if (InHook::of(*this)) return false;
    std::shared_ptr<const FailureHook> hook;
    {
        const std::lock_guard lock(mutex_);
        hook = hook_;
    }
    if (!hook) return false;
    const InHook inside(*this);
    return (*hook)(bytes);
}

PoolFigures ManagerCore::pool_figures() const {
    const PoolStatistics pool = resources->pool.statistics();
    PoolFigures figures;
    figures.reserved_bytes = pool.reserved_bytes;
    figures.live_bytes = pool.live_bytes;
    figures.cached_bytes = pool.cached_bytes;
    figures.waiting_bytes = pool.waiting_bytes;
    figures.idle_bytes = pool.idle_bytes;
    figures.lost_bytes = pool.lost_bytes;
    figures.live_blocks = pool.live_blocks;
    figures.retired_bytes = resources->mappings.retired_bytes();
    figures.spare_chunk_bytes = resources->chunks.spare_bytes();
    figures.pinned_spare_bytes = resources->pinned.spare_bytes();
    figures.pin_count = resources->pinned.pin_count();
    return figures;
}

}  // namespace triune
