// SPDX-License-Identifier: Apache-2.0
// The pinned memory of one download, and where the download stands.
#pragma once

#include <boost/container/small_vector.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <triune/device/event.hpp>
#include <triune/device/stream.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/download_channel.hpp>

namespace triune {

// Arrays one behind the other, each aligned to `array_alignment`; all in bytes.
struct SlotLayout {
    static constexpr std::size_t array_alignment = 256;

    void add(std::size_t bytes);  // of the next array

    using Bytes = boost::container::small_vector<std::size_t, 4>;
    Bytes sizes;
    Bytes offsets;
    std::size_t total = 0;
};

struct DownloadSlot {
    // Pinned memory for `total` bytes. Throws out_of_memory or device_error.
    DownloadSlot(std::shared_ptr<DeviceResources> owner, std::size_t total);
    DownloadSlot(const DownloadSlot&) = delete;
    DownloadSlot& operator=(const DownloadSlot&) = delete;
    // Waits for a download in flight: the device is writing into the memory.
    ~DownloadSlot();

    // Staging memory for `total` bytes, in the order of `stream`; what it held has landed. Throws out_of_memory or
    // device_error.
    void stage(std::size_t total, StreamHandle stream);
    // The download in flight has landed: its stream is for others now.
    void land() noexcept;
    // Waits until the download in flight has landed. Changes nothing. Several threads may. Throws device_error.
    void await(WaitMode mode);

    // Whether it has landed; false where the rest is better slept for.
    bool await_awake() const;
    void await_asleep();

    std::byte* array(std::size_t index) const noexcept {
        return static_cast<std::byte*>(piece.data) + layout.offsets[index];
    }

    std::shared_ptr<DeviceResources> resources;
    PinnedPool::Piece piece;
    Block staging;  // of device memory, where downloads were staged; kept, as the next download will want it
    SlotLayout layout;
    Event produced;         // the sources are written; of direct downloads, and of those without a stream
    Event source_released;  // the sources are no longer read; of staged downloads
    Event landed;           // the memory holds the download
    Event wake;             // the same, for threads that sleep: recorded where one does, as that costs a microsecond
    const Event* before_link = nullptr;        // of these the last one before the copy over the link; null without one
    const Event* released = &source_released;  // of these the one after which the sources are no longer read
    std::optional<Stream> stream;              // while in flight; none where the producer's own does all
    std::chrono::steady_clock::time_point started;  // before anything of the download was queued
    bool in_flight = false;
    std::uint64_t sequence = 0;  // 0: never used
};

}  // namespace triune
