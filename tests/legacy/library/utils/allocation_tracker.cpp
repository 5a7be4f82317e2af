// The global tracker of managed buffers: by name, with the size that each was told.
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "device/log.hpp"
#include "utils/gpu_memory.hpp"

namespace utils {

namespace {

class AllocationTracker {
  public:
    void add(const std::string& name, std::size_t bytes) {
        const std::lock_guard<std::mutex> lock(mutex_);
        sizes_[name] = bytes;
        total_ += bytes;
    }

    void remove(const std::string& name) noexcept {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto found = sizes_.find(name);
        if (found == sizes_.end()) {
            legacy::log_warning("Attempted to free untracked GPU buffer '" + name + "'");
            return;
        }
        total_ -= found->second;
        sizes_.erase(found);
    }

    std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> usage() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return {total_, sizes_};
    }

  private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::size_t> sizes_;
    std::size_t total_ = 0;
};

// Never destroyed: buffers with static lifetime leave it after `main`.
AllocationTracker& tracker() {
    static auto* const instance = new AllocationTracker();
    return *instance;
}

}  // namespace

namespace detail {

struct TrackedName::Impl {
    std::string name;
    std::size_t size_bytes;
};

TrackedName::TrackedName(std::string name, std::size_t size_bytes) : impl_(new Impl{std::move(name), size_bytes}) {
    try {
        tracker().add(impl_->name, size_bytes);
    } catch (...) {
        delete impl_;
        throw;
    }
}

TrackedName::~TrackedName() {
    if (impl_ != nullptr) {
        tracker().remove(impl_->name);
        delete impl_;
    }
}

TrackedName::TrackedName(TrackedName&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}

TrackedName& TrackedName::operator=(TrackedName&& other) noexcept {
    // What this one tracked leaves with the temporary.
    TrackedName moved(std::move(other));
    std::swap(impl_, moved.impl_);
    return *this;
}

const std::string& TrackedName::name() const noexcept { return impl_->name; }
std::size_t TrackedName::size_bytes() const noexcept { return impl_->size_bytes; }

}  // namespace detail

std::vector<std::string> check_gpu_memory_leaks() {
    std::vector<std::string> leaks;
    for (const auto& [name, bytes] : tracker().usage().second) {
        legacy::log_error("GPU memory leak: '" + name + "' holds " + std::to_string(bytes) + " bytes");
        leaks.push_back(name);
    }
    return leaks;
}

std::pair<std::size_t, std::unordered_map<std::string, std::size_t>> get_gpu_memory_usage() {
    return tracker().usage();
}

}  // namespace utils
