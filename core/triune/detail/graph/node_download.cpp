// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/graph/node_download.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

namespace {

void expect_possible(std::size_t count, const char* name) {
    if (count <= std::numeric_limits<std::size_t>::max() / 4 / sizeof(float)) return;
    throw out_of_memory("snapshots of " + std::to_string(count) + " " + name + " are more than memory can hold");
}

}  // namespace

NodeDownload::NodeDownload(std::shared_ptr<DeviceResources> resources, std::size_t count, const char* name)
    : name_(name),
      resources_(std::move(resources)),
      channel_(std::make_shared<DownloadChannel>(resources_)),
      count_(count) {
    expect_possible(count, name);
}

// Memory of zeros from calloc is not even touched before it is read.
NodeViews NodeDownload::views(const Snapshot& snapshot) {
    if (snapshot) {
        zeros_.reset();
        return {snapshot.view<float>(0), snapshot.view<float>(1), snapshot.view<float>(2)};
    }
    if (!zeros_ && count_ > 0) {
        zeros_.reset(static_cast<const float*>(std::calloc(count_, sizeof(float))),
                     [](const float* zeros) { std::free(const_cast<float*>(zeros)); });
        if (!zeros_)
            throw out_of_memory(std::to_string(count_) + " zeros for " + name_ + " do not fit into host memory");
    }
    const HostView<float> all(zeros_, zeros_.get(), count_, 0);
    return {all, all, all};
}

void NodeDownload::start(const NodeSpans& source, StreamHandle producer) {
    if (channel_->unclaimed()) return;
    const std::size_t bytes = source.count * sizeof(float);
    const std::array<DeviceSpan, 3> spans{{{source.x, bytes}, {source.y, bytes}, {source.z, bytes}}};
    bool idle = false;
    check(resources_->device.stream_query(producer, idle), "asking whether a producer's stream is idle");
    channel_->start(spans, producer, name_, mode_);
    direct_ = mode_ == DownloadMode::direct;
    if (idle && !direct_) channel_->wait_until_released();
}

void NodeDownload::hold_back(StreamHandle stream) noexcept {
    if (!direct_) return;
    try {
        channel_->hold_back(stream);
    } catch (const std::exception& failure) {  // of a broken device: the download fails too, and its waiter is told
        log::error(failure.what());
    }
}

void NodeDownload::start_unless_held(const NodeSpans& source, StreamHandle producer) {
    try {
        start(source, producer);
    } catch (const download_in_flight&) {  // somebody still reads the older snapshot: the next call starts one
    }
}

NodeViews NodeDownload::latest(const NodeSpans& source, StreamHandle producer) {
    NodeViews newest = views(channel_->claim_latest());
    start_unless_held(source, producer);
    return newest;
}

NodeVectors NodeDownload::latest_vectors(const NodeSpans& source, StreamHandle producer) {
    return views(channel_->claim_latest()).to_vectors([&] { start_unless_held(source, producer); });
}

NodeViews NodeDownload::wait(WaitMode mode) {
    return views(channel_->unclaimed() ? channel_->wait(name_, mode) : channel_->latest());
}

bool NodeDownload::poll() { return !channel_->unclaimed() || channel_->poll(); }

NodeDownload::Resized NodeDownload::prepare_resize(std::size_t count) {
    expect_possible(count, name_);
    if (channel_->unclaimed()) static_cast<void>(channel_->wait(name_));
    const Snapshot newest = channel_->latest();
    if (!newest) return {count, {}};
    const std::size_t bytes = count * sizeof(float);
    const std::array<std::size_t, 3> sizes{bytes, bytes, bytes};
    return {count, channel_->compose(sizes, [&](std::size_t array, void* data) {
                const std::size_t kept = std::min(newest.bytes(array), sizes[array]);
                if (kept > 0) std::memcpy(data, newest.data(array), kept);
                std::memset(static_cast<std::byte*>(data) + kept, 0, sizes[array] - kept);
            })};
}

void NodeDownload::adopt(Resized resized) noexcept {
    count_ = resized.count;
    zeros_.reset();
    if (resized.snapshot) channel_->adopt(std::move(resized.snapshot));
}

}  // namespace triune
