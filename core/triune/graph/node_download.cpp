#include <triune/graph/node_download.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

NodeDownload::NodeDownload(std::shared_ptr<DeviceResources> resources, std::size_t count, const char* name)
    : name_(name), resources_(std::move(resources)), channel_(std::make_shared<DownloadChannel>(resources_)) {
    channel_->adopt(prepare_resize(count));
}

NodeViews NodeDownload::views(const Snapshot& snapshot) {
    return {snapshot.view<float>(0), snapshot.view<float>(1), snapshot.view<float>(2)};
}

void NodeDownload::start(const NodeSpans& source, StreamHandle producer) {
    if (channel_->unclaimed()) return;
    const std::size_t bytes = source.count * sizeof(float);
    const std::array<DeviceSpan, 3> spans{{{source.x, bytes}, {source.y, bytes}, {source.z, bytes}}};
    bool idle = false;
    check(resources_->device.stream_query(producer, idle), "asking whether a producer's stream is idle");
    channel_->start(spans, producer, name_);
    if (idle) channel_->wait_until_taken();
}

NodeViews NodeDownload::latest(const NodeSpans& source, StreamHandle producer) {
    const Snapshot newest = channel_->claim_latest();
    try {
        start(source, producer);
    } catch (const download_in_flight&) {  // somebody still reads the older snapshot: the next call starts one
    }
    return views(newest);
}

NodeViews NodeDownload::wait() { return views(channel_->unclaimed() ? channel_->wait(name_) : channel_->latest()); }

bool NodeDownload::poll() { return !channel_->unclaimed() || channel_->poll(); }

Snapshot NodeDownload::prepare_resize(std::size_t count) {
    if (channel_->unclaimed()) static_cast<void>(channel_->wait(name_));
    const Snapshot newest = channel_->latest();
    if (count > std::numeric_limits<std::size_t>::max() / 4 / sizeof(float)) {
        throw out_of_memory("snapshots of " + std::to_string(count) + " " + name_ + " are more than memory can hold");
    }
    const std::size_t bytes = count * sizeof(float);
    const std::array<std::size_t, 3> sizes{bytes, bytes, bytes};
    return channel_->compose(sizes, [&](std::size_t array, void* data) {
        const std::size_t kept = newest ? std::min(newest.bytes(array), sizes[array]) : 0;
        if (kept > 0) std::memcpy(data, newest.data(array), kept);
        std::memset(static_cast<std::byte*>(data) + kept, 0, sizes[array] - kept);
    });
}

}  // namespace triune
