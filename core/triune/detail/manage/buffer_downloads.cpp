// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/buffer_downloads.hpp>

#include <boost/container/small_vector.hpp>
#include <mutex>

#include <triune/base/error.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/shortage.hpp>

namespace triune {

const std::shared_ptr<DownloadChannel>& BufferDownloads::channel(BufferState& buffer) {
    buffer.require_alive();
    buffer.touch();
    if (!buffer.description().config.enable_async) {
        throw async_not_enabled("'" + buffer.label() + "' was made without BufferConfig::enable_async");
    }
    return buffer.readers_.own(buffer.core_->resources);
}

void BufferDownloads::start(BufferState& buffer, StreamOrder order, DownloadMode mode) {
    std::shared_ptr<DownloadChannel> own;
    {
        const std::lock_guard lock(buffer);
        own = channel(buffer);
    }
    BufferState* const alone = &buffer;
    start({&alone, 1}, own, order, buffer.label(), mode);
}

void BufferDownloads::start(std::span<BufferState* const> buffers, const std::shared_ptr<DownloadChannel>& channel,
                            StreamOrder order, const std::string& name, DownloadMode mode) {
    Shortage::retry([&](Shortage& shortage) {
        boost::container::small_vector<std::unique_lock<BufferState>, 4> locks;
        boost::container::small_vector<DeviceSpan, 4> spans;
        locks.reserve(buffers.size());
        spans.reserve(buffers.size());
        std::size_t bytes = 0;
        for (BufferState* const buffer : buffers) {
            locks.emplace_back(*buffer);
            buffer->require_alive();
            buffer->touch();
            buffer->readers_.prepare();
            spans.push_back({buffer->size_ == 0 ? nullptr : buffer->storage_.data(), buffer->size_});
            bytes += buffer->size_;
        }
        ManagerCore& core = *buffers.front()->core_;
        try {
            channel->start_in({spans.data(), spans.size()}, order, name, mode);
        } catch (const out_of_memory&) {
            shortage.note(core, *buffers.front(), bytes);
            throw;
        }
        for (BufferState* const buffer : buffers) buffer->readers_.note(channel);
        core.registry.count_transfer();
    });
}

// What was exchanged goes with the parameter, once the buffer is unlocked: it may wait for a download in flight.
void BufferDownloads::read_by(BufferState& buffer, std::shared_ptr<DownloadChannel> channel) {
    const std::lock_guard lock(buffer);
    buffer.require_alive();
    buffer.readers_.exchange(channel);
}

// The wait itself runs unlocked, so that other calls on the buffer go on; the channel lives as long as the buffer does.
Snapshot BufferDownloads::wait(BufferState& buffer, WaitMode mode) {
    DownloadChannel* started = nullptr;
    {
        const std::lock_guard lock(buffer);
        started = channel(buffer).get();
    }
    return started->wait(buffer.label(), mode);
}

Snapshot BufferDownloads::latest(BufferState& buffer) {
    const std::lock_guard lock(buffer);
    return channel(buffer)->latest();
}

bool BufferDownloads::pending(BufferState& buffer) {
    const std::lock_guard lock(buffer);
    return channel(buffer)->pending();
}

bool BufferDownloads::poll(BufferState& buffer) {
    const std::lock_guard lock(buffer);
    return channel(buffer)->poll();
}

}  // namespace triune
