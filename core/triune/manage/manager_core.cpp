#include <triune/manage/manager_core.hpp>

#include <triune/manage/buffer_state.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

void ManagerCore::charge(std::size_t bytes, const char* label, bool refusable) {
    if (!refusable) return memory.add(bytes);
    if (!memory.try_add(bytes)) {
        throw limit_exceeded("'" + std::string(label) + "' needs " + std::to_string(bytes) + " bytes more, but " +
                             std::to_string(memory.total()) + " of the limit of " + std::to_string(memory.limit()) +
                             " bytes are taken; most by " + registry.top_holders());
    }
}

void ManagerCore::set_failure_hook(FailureHook hook) {
    const std::lock_guard lock(mutex_);
    hook_ = std::move(hook);
}

void ManagerCore::trim_resources() noexcept { resources->trim(); }

bool ManagerCore::ask_failure_hook(std::size_t bytes) const {
    FailureHook hook;
    {
        const std::lock_guard lock(mutex_);
        hook = hook_;
    }
    return hook && hook(bytes);
}

out_of_memory ManagerCore::with_holders(const out_of_memory& failure, std::size_t bytes, const char* label) const {
    return out_of_memory("'" + std::string(label) + "' needs " + std::to_string(bytes) +
                         " bytes and the device has none left (" + failure.what() + "); this manager holds " +
                         std::to_string(memory.total()) + ", most by " + registry.top_holders());
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
