// SPDX-License-Identifier: Apache-2.0
// A table from the handles that callers hold to what they stand for.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace triune::sim {

// A handle that no other table of the process gives out: an address that cannot be touched.
inline void* new_handle() noexcept {
    static std::atomic<std::uintptr_t> next{0x51d0'0000'0000'0000};
    return reinterpret_cast<void*>(next.fetch_add(16));
}

// A handle that is dead, foreign or of another kind is simply not in the table. Thread-safe.
template <class Object>
class SimHandles {
  public:
    // With `reuse` a destroyed object's handle is given out again first, as CUDA does.
    explicit SimHandles(bool reuse) : reuse_(reuse) {}

    void* add(std::shared_ptr<Object> object) {
        const std::lock_guard lock(mutex_);
        void* const handle = free_.empty() ? new_handle() : free_.back();
        objects_.emplace(handle, std::move(object));
        if (!free_.empty()) free_.pop_back();
        return handle;
    }

    // Null for a handle that is not there.
    std::shared_ptr<Object> find(void* handle) const {
        const std::lock_guard lock(mutex_);
        const auto found = objects_.find(handle);
        return found == objects_.end() ? nullptr : found->second;
    }

    std::shared_ptr<Object> remove(void* handle) {
        const std::lock_guard lock(mutex_);
        const auto found = objects_.find(handle);
        if (found == objects_.end()) return nullptr;
        if (reuse_) free_.push_back(handle);
        std::shared_ptr<Object> object = std::move(found->second);
        objects_.erase(found);
        return object;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return objects_.size();
    }

  private:
    const bool reuse_;
    mutable std::mutex mutex_;
    std::unordered_map<void*, std::shared_ptr<Object>> objects_;
    std::vector<void*> free_;
};

}  // namespace triune::sim
