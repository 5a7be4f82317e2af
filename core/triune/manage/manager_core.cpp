#include <triune/manage/manager_core.hpp>

#include <triune/manage/buffer_state.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

void ManagerCore::charge(std::size_t bytes, const std::string& label, bool refusable) {
    if (!refusable) return memory.add(bytes);
    if (!memory.try_add(bytes)) {
        throw limit_exceeded("'" + label + "' needs " + std::to_string(bytes) + " bytes more, but " +
                             std::to_string(memory.total()) + " of the limit of " + std::to_string(memory.limit()) +
                             " bytes are taken; most by " + registry.top_holders());
    }
}

// What a hook has captured, perhaps buffers of this manager, is neither copied nor destroyed under the lock.
void ManagerCore::set_failure_hook(FailureHook hook) {
    auto next = hook ? std::make_shared<const FailureHook>(std::move(hook)) : nullptr;
    const std::lock_guard lock(mutex_);
    hook_.swap(next);
}

void ManagerCore::trim_resources() noexcept { resources->trim(); }

bool ManagerCore::ask_failure_hook(std::size_t bytes) const {
    std::shared_ptr<const FailureHook> hook;
    {
        const std::lock_guard lock(mutex_);
        hook = hook_;
    }
    return hook && (*hook)(bytes);
}

out_of_memory ManagerCore::with_holders(const out_of_memory& failure, std::size_t bytes,
                                        const std::string& label) const {
    return out_of_memory("'" + label + "' needs " + std::to_string(bytes) + " bytes and the device has none left (" +
                         failure.what() + "); this manager holds " + std::to_string(memory.total()) + ", most by " +
                         registry.top_holders());
}

std::vector<std::shared_ptr<BufferState>> ManagerCore::live_buffers() const {
    std::vector<std::shared_ptr<BufferState>> buffers;
    const std::lock_guard lock(mutex_);
    buffers.reserve(live_.size());
    for (const auto& [record, buffer] : live_) {
        if (auto alive = buffer.lock()) buffers.push_back(std::move(alive));
    }
    return buffers;
}

void ManagerCore::enter(std::uint64_t record, std::weak_ptr<BufferState> buffer) {
    const std::lock_guard lock(mutex_);
    live_.emplace(record, std::move(buffer));
}

void ManagerCore::leave(std::uint64_t record) noexcept {
    const std::lock_guard lock(mutex_);
    live_.erase(record);
}

}  // namespace triune
