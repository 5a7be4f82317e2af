// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/buffer_readers.hpp>

#include <triune/manage/download_channel.hpp>

namespace triune {

void BufferReaders::prepare() {
    if (!channels_) channels_ = std::make_unique<Channels>();
}

const std::shared_ptr<DownloadChannel>& BufferReaders::own(const std::shared_ptr<DeviceResources>& resources) {
    prepare();
    if (!channels_->own) channels_->own = std::make_shared<DownloadChannel>(resources);
    return channels_->own;
}

void BufferReaders::note(const std::shared_ptr<DownloadChannel>& channel) noexcept {
    if (channel != channels_->own) channels_->other = channel;
}

void BufferReaders::exchange(std::shared_ptr<DownloadChannel>& channel) {
    prepare();
    channels_->other.swap(channel);
}

void BufferReaders::hold_back_each(StreamHandle stream) const {
    if (channels_->own) channels_->own->hold_back(stream);
    if (channels_->other) channels_->other->hold_back(stream);
}

}  // namespace triune
