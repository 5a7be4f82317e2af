// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/download_streams.hpp>

#include <mutex>
#include <new>
#include <utility>

namespace triune {

Stream DownloadStreams::acquire() {
    {
        const std::lock_guard lock(mutex_);
        if (!spare_.empty()) {
            Stream stream = std::move(spare_.back());
            spare_.pop_back();
            return stream;
        }
    }
    return Stream(device_);
}

void DownloadStreams::release(Stream stream) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        spare_.push_back(std::move(stream));
    } catch (const std::bad_alloc&) {  // then it is destroyed
    }
}

void DownloadStreams::trim() noexcept {
    std::vector<Stream> unwanted;  // destroyed without the lock
    const std::lock_guard lock(mutex_);
    unwanted.swap(spare_);
}

}  // namespace triune
