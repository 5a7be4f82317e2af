// SPDX-License-Identifier: Apache-2.0
// Double-buffered downloads of a set of arrays through pinned memory. A bound that benchmarks measure; no promise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include <triune/detail/base/mutex.hpp>
#include <triune/detail/manage/call_mutex.hpp>
#include <triune/device/stream_order.hpp>
#include <triune/manage/download_mode.hpp>
#include <triune/manage/host_view.hpp>

namespace triune {

class DeviceResources;

struct DeviceSpan {
    const void* data = nullptr;
    std::size_t bytes = 0;
};

struct DownloadSlot;
struct SlotLayout;

// A completed download. Holding it keeps its slot from being overwritten.
class Snapshot {
  public:
    Snapshot() noexcept = default;
    explicit Snapshot(std::shared_ptr<const DownloadSlot> slot) noexcept : slot_(std::move(slot)) {}

    explicit operator bool() const noexcept { return slot_ != nullptr; }
    std::size_t array_count() const noexcept;
    const void* data(std::size_t array) const noexcept;
    std::size_t bytes(std::size_t array) const noexcept;
    std::uint64_t sequence() const noexcept;

    // The array as elements of T; empty where there is no snapshot.
    template <typename T>
    HostView<T> view(std::size_t array) const noexcept {
        if (!slot_) return {};
        return {slot_, static_cast<const T*>(data(array)), bytes(array) / sizeof(T), sequence()};
    }

  private:
    friend class DownloadChannel;
    std::shared_ptr<const DownloadSlot> slot_;
};

// Two slots, used in turn. Knows spans of device memory and a stream, no buffers. Thread-safe; nothing here but wait()
// and wait_until_released() waits for the device, and destruction for a download in flight.
class DownloadChannel {
  public:
    explicit DownloadChannel(std::shared_ptr<DeviceResources> resources) noexcept : resources_(std::move(resources)) {}
    DownloadChannel(const DownloadChannel&) = delete;
    DownloadChannel& operator=(const DownloadChannel&) = delete;
    ~DownloadChannel();

    // Starts a download of `sources` as they all stand at one moment: after the work queued on `producer` by now, and
    // before what is queued there once this has returned. `name` is for messages.
    // Throws download_in_flight where the slot to use is held by a view or still in flight, out_of_memory,
    // device_error, as for a stream that is capturing a graph; then nothing has changed.
    void start(std::span<const DeviceSpan> sources, StreamHandle producer, std::string_view name,
               DownloadMode mode = DownloadMode::staged) {
        start_in(sources, StreamOrder::on(producer), name, mode);
    }
    // The same in any order. Without a stream: after all work queued on the device by now. Later work of streams that
    // wait for the default stream comes behind the staging. While a stream captures a graph the device refuses, with
    // device_error.
    void start_in(std::span<const DeviceSpan> sources, StreamOrder order, std::string_view name, DownloadMode mode);
    // Whether a download is in flight.
    bool pending();
    // Whether a start has not been waited for yet, complete or not.
    bool unclaimed() const;
    // Whether the newest start has not been waited for yet and is complete: wait() would return at once.
    bool poll();
    // Waits until the newest download no longer reads its sources.
    void wait_until_released();
    // Work given to `stream` from now on runs after the downloads in flight have read their sources. Throws
    // device_error.
    void hold_back(StreamHandle stream);
    // The newest started download, waited for. Throws no_pending_download where no start came since the last wait.
    Snapshot wait(std::string_view name, WaitMode mode = WaitMode::prompt);
    // The newest complete download; an empty snapshot before the first. Does not wait.
    Snapshot latest();
    // The same, and what it gives counts as waited for.
    Snapshot claim_latest();

    // A snapshot made on the host: `write(array, data)` fills each array of the given sizes. adopt() then puts it in
    // place of the older slot, as the newest and waited for; no download may be in flight. Composing throws
    // out_of_memory or what `write` throws, and changes nothing.
    Snapshot compose(std::span<const std::size_t> bytes,
                     const std::function<void(std::size_t array, void* data)>& write) const;
    void adopt(Snapshot snapshot) noexcept;

  private:
    using Slot = std::shared_ptr<DownloadSlot>;
    class OneStart;

    // `acquire`, and once more after giving back what no buffer holds; then out_of_memory names the download.
    template <typename Acquire>
    auto acquire_memory(std::size_t bytes, std::string_view name, Acquire&& acquire);
    static void refresh(DownloadSlot& slot);
    Slot newest_complete();
    void refuse_capture(StreamOrder order, std::string_view name);
    Slot acquire_oldest(std::string_view name);
    void put(const Slot& oldest) noexcept;
    void wait_for_newest(StreamHandle stream, std::string_view name);
    bool goes_at_once(const SlotLayout& layout, StreamOrder order, DownloadMode mode);
    void write_at_once(DownloadSlot& slot, const SlotLayout& layout, std::span<const DeviceSpan> sources,
                       StreamHandle producer, std::string_view name, bool& overwriting);
    void queue(DownloadSlot& slot, const SlotLayout& layout, std::span<const DeviceSpan> sources, StreamOrder order,
               std::string_view name, DownloadMode mode, bool& overwriting);

    const std::shared_ptr<DeviceResources> resources_;
    CallLock starts_;  // held by one start
    mutable Mutex mutex_;
    std::array<Slot, 2> slots_;
    std::uint64_t sequence_ = 0;
    std::uint64_t claimed_ = 0;  // the sequence up to which starts have been waited for
};

}  // namespace triune
