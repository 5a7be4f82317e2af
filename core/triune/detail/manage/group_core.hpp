// SPDX-License-Identifier: Apache-2.0
// A group of arrays without their type.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/manage/call_mutex.hpp>
#include <triune/device/stream_order.hpp>
#include <triune/manage/download_channel.hpp>

namespace triune {

class ManagerCore;

// What a group that moves takes along. Its functions are given the group's arrays. Thread-safe.
class GroupCore {
  public:
    using Arrays = std::span<BufferState* const>;

    GroupCore(std::string_view name, std::shared_ptr<ManagerCore> core);
    GroupCore(const GroupCore&) = delete;
    GroupCore& operator=(const GroupCore&) = delete;
    ~GroupCore() = default;

    const std::string& name() const noexcept { return name_; }
    CallMutex& mutex() noexcept { return mutex_; }  // of one call on all arrays
    DownloadChannel& channel() const noexcept { return *channel_; }

    // All arrays or none have at least `bytes`, of which at least `size_bytes` are in use.
    void grow(Arrays arrays, std::size_t bytes, std::size_t size_bytes, StreamOrder order);
    // The capacities become the sizes, of all arrays or of none.
    void shrink(Arrays arrays, StreamOrder order);
    void start_download(Arrays arrays, StreamOrder order, DownloadMode mode);

  private:
    const std::string name_;
    const std::shared_ptr<ManagerCore> core_;
    CallMutex mutex_{name_};
    const std::shared_ptr<DownloadChannel> channel_;
};

}  // namespace triune
