// SPDX-License-Identifier: Apache-2.0
// Arrays of one length that grow, download and are viewed as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <triune/detail/manage/group_core.hpp>
#include <triune/manage/buffer.hpp>
#include <triune/manage/download_mode.hpp>
#include <triune/manage/manager.hpp>

namespace triune {

// One download of a group: a view an array, all of one moment. Without arrays before the first download.
template <typename T>
struct GroupView {
    std::vector<HostView<T>> arrays;

    // Throws std::out_of_range.
    const HostView<T>& operator[](std::size_t index) const { return arrays.at(index); }
    std::size_t size() const noexcept { return arrays.empty() ? 0 : arrays.front().size(); }
    std::uint64_t sequence() const noexcept { return arrays.empty() ? 0 : arrays.front().sequence(); }
};

// Owns its arrays, named "GROUP.ARRAY" in the registry; move-only. Grows and shrinks all or none. Streams, errors and
// what a failure leaves are as BufferHandle has them, per array. Thread-safe but for moves. An array that is resized
// alone, through its own handle, makes the group's lengths differ until the next growth. A moved-from group has no
// arrays and throws invalid_argument.
template <DeviceElement T>
class BufferGroup {
  public:
    // Arrays of `count` zeroed elements each. Throws invalid_argument without array names, else like allocate().
    BufferGroup(GpuMemoryManager& manager, std::string_view name, std::initializer_list<std::string_view> arrays,
                std::size_t count, const BufferConfig& config = {}, CallSite where = CallSite::current())
        : core_(std::make_unique<GroupCore>(name, manager.core())) {
        detail::at(where, [&] {
            if (arrays.size() == 0) throw invalid_argument("the group '" + core_->name() + "' has no arrays");
            arrays_.reserve(arrays.size());
            states_.reserve(arrays.size());
            for (const std::string_view array : arrays) {
                const std::string whole = core_->name() + "." + std::string(array);
                arrays_.push_back(manager.make_member<T>(whole, count, config, where));
                states_.push_back(&arrays_.back().state());
            }
        });
    }

    std::size_t array_count() const noexcept { return arrays_.size(); }
    // Throws std::out_of_range.
    const BufferHandle<T>& operator[](std::size_t index) const { return arrays_.at(index); }
    const std::string& name() const { return core().name(); }
    std::size_t size() const { return arrays_.empty() ? 0 : arrays_.front().size(); }
    std::size_t capacity() const { return arrays_.empty() ? 0 : arrays_.front().capacity(); }

    // Where one array cannot grow, none has changed.
    void reserve(std::size_t count, CallSite where = CallSite::current()) {
        detail::at(where, [&] { grow(count, 0, StreamOrder::after_all()); });
    }
    void reserve(std::size_t count, StreamHandle stream, CallSite where = CallSite::current()) {
        detail::at(where, [&] { grow(count, 0, StreamOrder::on(stream)); });
    }
    void ensure_capacity(std::size_t count, CallSite where = CallSite::current()) {
        detail::at(where, [&] { grow(count, count, StreamOrder::after_all()); });
    }
    void ensure_capacity(std::size_t count, StreamHandle stream, CallSite where = CallSite::current()) {
        detail::at(where, [&] { grow(count, count, StreamOrder::on(stream)); });
    }
    // Clamped to the capacity.
    void set_size(std::size_t count, CallSite where = CallSite::current()) {
        detail::at(where, [&] {
            const std::lock_guard lock(core().mutex());
            for (const auto& array : arrays_) array.set_size(count);
        });
    }
    void shrink_to_fit(CallSite where = CallSite::current()) {
        detail::at(where, [&] { shrink(StreamOrder::after_all()); });
    }
    void shrink_to_fit(StreamHandle stream, CallSite where = CallSite::current()) {
        detail::at(where, [&] { shrink(StreamOrder::on(stream)); });
    }

    // One span an array, in their order, each as long as its array; else invalid_argument, before anything is moved.
    using Sources = std::initializer_list<std::span<const T>>;
    using Targets = std::initializer_list<std::span<T>>;
    void upload(Sources values, CallSite where = CallSite::current()) {
        detail::at(where, [&] { upload(values, StreamOrder::after_all()); });
    }
    void upload(Sources values, StreamHandle stream, CallSite where = CallSite::current()) {
        detail::at(where, [&] { upload(values, StreamOrder::on(stream)); });
    }
    void download(Targets values, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { download(values, StreamOrder::after_all()); });
    }
    void download(Targets values, StreamHandle stream, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { download(values, StreamOrder::on(stream)); });
    }
    std::vector<std::vector<T>> download(CallSite where = CallSite::current()) const {
        return detail::at(where, [&] {
            const std::lock_guard lock(core().mutex());
            std::vector<std::vector<T>> values;
            for (const auto& array : arrays_) values.push_back(array.download());
            return values;
        });
    }
    void fill(const T& value, CallSite where = CallSite::current()) {
        detail::at(where, [&] { fill(value, StreamOrder::after_all()); });
    }
    void fill(const T& value, StreamHandle stream, CallSite where = CallSite::current()) {
        detail::at(where, [&] { fill(value, StreamOrder::on(stream)); });
    }

    // All arrays, under one event. As BufferHandle's functions of these names; a group needs no enable_async.
    void start_async_download(StreamHandle stream, DownloadMode mode = DownloadMode::staged,
                              CallSite where = CallSite::current()) {
        detail::at(where, [&] { core().start_download(states_, StreamOrder::on(stream), mode); });
    }
    void start_async_download(DownloadMode mode = DownloadMode::staged, CallSite where = CallSite::current()) {
        detail::at(where, [&] { core().start_download(states_, StreamOrder::after_all(), mode); });
    }
    bool download_pending() const { return core().channel().pending(); }
    bool poll_download(CallSite where = CallSite::current()) const {
        return detail::at(where, [&] { return core().channel().poll(); });
    }
    GroupView<T> wait_for_download(WaitMode mode = WaitMode::prompt, CallSite where = CallSite::current()) {
        return detail::at(where, [&] { return views(core().channel().wait(core_->name(), mode)); });
    }
    GroupView<T> latest(CallSite where = CallSite::current()) const {
        return detail::at(where, [&] { return views(core().channel().latest()); });
    }

  private:
    GroupCore& core() const {
        if (!core_) throw invalid_argument("the group has been moved away");
        return *core_;
    }
    std::size_t bytes_of(std::size_t count) const { return detail::element_bytes(core_->name(), count, sizeof(T)); }

    void grow(std::size_t count, std::size_t size, StreamOrder order) {
        GroupCore& core = this->core();
        core.grow(states_, bytes_of(count), bytes_of(size), order);
    }
    void shrink(StreamOrder order) { core().shrink(states_, order); }

    template <typename Spans>
    void check_lengths(const Spans& spans, const char* what) const {
        const auto refuse = [&](const std::string& given, const std::string& expected) {
            throw invalid_argument(std::string(what) + " the group '" + core_->name() + "': " + given + " given, " +
                                   expected + " expected");
        };
        if (spans.size() != arrays_.size()) {
            refuse(std::to_string(spans.size()) + " arrays", std::to_string(arrays_.size()));
        }
        for (std::size_t i = 0; i < arrays_.size(); ++i) {
            const std::size_t given = std::data(spans)[i].size();
            const std::size_t size = arrays_[i].size();
            if (given != size) refuse(std::to_string(given) + " elements", std::to_string(size));
        }
    }
    void upload(Sources values, StreamOrder order) {
        const std::lock_guard lock(core().mutex());
        check_lengths(values, "uploading to");
        auto array = arrays_.begin();
        for (const auto& each : values)
            BufferContents::upload_all((array++)->state(), each.data(), each.size_bytes(), order);
    }
    void download(Targets values, StreamOrder order) const {
        const std::lock_guard lock(core().mutex());
        check_lengths(values, "downloading from");
        auto array = arrays_.begin();
        for (const auto& each : values)
            BufferContents::download_all((array++)->state(), each.data(), each.size_bytes(), order);
    }
    void fill(const T& value, StreamOrder order) {
        const std::lock_guard lock(core().mutex());
        for (BufferState* array : states_) BufferContents::fill_all(*array, &value, order);
    }

    static GroupView<T> views(const Snapshot& snapshot) {
        GroupView<T> group;
        for (std::size_t i = 0; i < snapshot.array_count(); ++i) group.arrays.push_back(snapshot.view<T>(i));
        return group;
    }

    std::unique_ptr<GroupCore> core_;  // before the arrays: downloads are waited for after the arrays are freed
    std::vector<Buffer<T>> arrays_;
    std::vector<BufferState*> states_;  // theirs
};

}  // namespace triune
