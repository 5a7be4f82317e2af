// Arrays of one length that grow, download and are viewed as one.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include <triune/manage/buffer.hpp>
#include <triune/manage/growth.hpp>
#include <triune/manage/manager.hpp>

namespace triune {

// One download of a group: a view an array, all of one moment.
template <typename T>
struct GroupView {
    std::vector<HostView<T>> arrays;

    const HostView<T>& operator[](std::size_t index) const { return arrays.at(index); }
    std::size_t size() const noexcept { return arrays.empty() ? 0 : arrays.front().size(); }
    std::uint64_t sequence() const noexcept { return arrays.empty() ? 0 : arrays.front().sequence(); }
};

// Owns its arrays, named "GROUP.ARRAY" in the books; move-only. Grows all or none. Thread-safe but for moves. An array
// must not be resized alone while the group is in use. A moved-from group has no arrays and throws invalid_argument.
template <DeviceElement T>
class BufferGroup {
  public:
    // Arrays of `count` zeroed elements each. Throws invalid_argument without array names, else like allocate().
    BufferGroup(GpuMemoryManager& manager, std::string_view name, std::initializer_list<std::string_view> arrays,
                std::size_t count, const BufferConfig& config = {},
                std::source_location where = std::source_location::current())
        : name_(name), shared_(std::make_unique<Shared>(manager.core()->resources)), core_(manager.core()) {
        if (arrays.size() == 0) throw invalid_argument("the group '" + name_ + "' has no arrays");
        arrays_.reserve(arrays.size());
        for (const std::string_view array : arrays) {
            arrays_.push_back(manager.make_member<T>(name_ + "." + std::string(array), count, config, where));
        }
    }

    std::size_t array_count() const noexcept { return arrays_.size(); }
    const BufferHandle<T>& operator[](std::size_t index) const { return arrays_.at(index); }
    const std::string& name() const noexcept { return name_; }
    std::size_t size() const { return arrays_.empty() ? 0 : arrays_.front().size(); }
    std::size_t capacity() const { return arrays_.empty() ? 0 : arrays_.front().capacity(); }

    // Where one array cannot grow, none has changed.
    void ensure_capacity(std::size_t count) { grow(count, StreamOrder::after_all()); }
    void ensure_capacity(std::size_t count, StreamHandle stream) { grow(count, StreamOrder::on(stream)); }
    // Clamped to the capacity.
    void set_size(std::size_t count) {
        const std::lock_guard lock(shared().mutex);
        for (const auto& array : arrays_) array.set_size(count);
    }

    // All arrays, under one event. As BufferHandle's functions of these names; a group needs no enable_async.
    void start_async_download(StreamHandle stream, DownloadMode mode = DownloadMode::staged) {
        const std::lock_guard lock(shared().mutex);
        std::vector<DeviceSpan> spans;
        for (const auto& array : arrays_) spans.push_back({array.data(), array.size_bytes()});
        shared_->channel.start(spans, stream, name_.c_str(), mode);
        core_->counters.async_transfers.fetch_add(1, std::memory_order_relaxed);
    }
    bool download_pending() const { return shared().channel.pending(); }
    GroupView<T> wait_for_download() { return views(shared().channel.wait(name_.c_str())); }
    GroupView<T> latest() const { return views(shared().channel.latest()); }

  private:
    static std::size_t bytes_of(std::size_t count) {
        std::size_t bytes = 0;
        if (!multiply(count, sizeof(T), bytes)) throw invalid_argument("a group's length is more than memory can hold");
        return bytes;
    }
    void grow(std::size_t count, StreamOrder order) {
        const std::lock_guard lock(shared().mutex);
        // Flights under way read the old memory on streams that `order` may know nothing of.
        if (order.names_stream()) shared_->channel.hold_back(order.stream());
        std::vector<Growth> growths;
        growths.reserve(arrays_.size());
        for (const auto& array : arrays_) growths.push_back(Growth::for_required(array, bytes_of(count), order));
        for (Growth& growth : growths) growth.commit(bytes_of(count));
    }
    static GroupView<T> views(const Snapshot& snapshot) {
        GroupView<T> group;
        for (std::size_t i = 0; i < snapshot.array_count(); ++i) group.arrays.push_back(snapshot.view<T>(i));
        return group;
    }

    // What a group that moves takes along.
    struct Shared {
        explicit Shared(std::shared_ptr<DeviceResources> resources) : channel(std::move(resources)) {}
        std::mutex mutex;  // of one call on all arrays: their memory stays while a download is started
        DownloadChannel channel;
    };
    Shared& shared() const {
        if (!shared_) throw invalid_argument("the group has been moved away");
        return *shared_;
    }

    std::string name_;
    std::unique_ptr<Shared> shared_;  // before the arrays: flights are waited for after the arrays are freed
    std::shared_ptr<ManagerCore> core_;
    std::vector<Buffer<T>> arrays_;
};

}  // namespace triune
