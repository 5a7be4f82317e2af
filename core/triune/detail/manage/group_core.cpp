// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/group_core.hpp>

#include <boost/container/small_vector.hpp>
#include <mutex>
#include <utility>

#include <triune/detail/manage/buffer_downloads.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/shrinking.hpp>
#include <triune/manage/growth_set.hpp>
#include <triune/manage/shortage.hpp>

namespace triune {

GroupCore::GroupCore(std::string_view name, std::shared_ptr<ManagerCore> core)
    : name_(name), core_(std::move(core)), channel_(std::make_shared<DownloadChannel>(core_->resources)) {}

void GroupCore::grow(Arrays arrays, std::size_t bytes, std::size_t size_bytes, StreamOrder order) {
    Shortage::retry([&](Shortage& shortage) {
        const std::lock_guard lock(mutex_);
        GrowthSet growths(*core_->resources, order, arrays.size(), shortage, name_);
        for (BufferState* const array : arrays) growths.require(*array, bytes, size_bytes);
        growths.finish();
        growths.commit();
    });
}

void GroupCore::shrink(Arrays arrays, StreamOrder order) {
    Shortage::retry([&](Shortage& shortage) {
        const std::lock_guard lock(mutex_);
        boost::container::small_vector<Shrinking, 4> shrinkings;
        shrinkings.reserve(arrays.size());
        for (BufferState* const array : arrays) shrinkings.emplace_back(*array, order, shortage);
        for (Shrinking& shrinking : shrinkings) shrinking.commit();
    });
}

void GroupCore::start_download(Arrays arrays, StreamOrder order, DownloadMode mode) {
    BufferDownloads::start(arrays, channel_, order, name_, mode);
}

}  // namespace triune
