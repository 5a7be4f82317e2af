#include <triune/graph/node_download.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

NodeDownload::NodeDownload(std::shared_ptr<DeviceResources> resources, std::size_t count, const char* name)
    : name_(name), resources_(std::move(resources)), channel_(resources_) {
    channel_.adopt(prepare_resize(count));
}

NodeViews NodeDownload::views(const Snapshot& snapshot) {
    return {snapshot.view<float>(0), snapshot.view<float>(1), snapshot.view<float>(2)};
}

void NodeDownload::start(const NodeSpans& source, const Stream& producer) {
    if (channel_.pending()) return;
    const std::size_t bytes = source.count * sizeof(float);
    const std::array<DeviceSpan, 3> spans{{{source.x, bytes}, {source.y, bytes}, {source.z, bytes}}};
    const bool idle = producer.query();
    channel_.start(spans, producer.handle(), name_);
    if (idle) channel_.wait_until_taken();
}

NodeViews NodeDownload::latest(const NodeSpans& source, const Stream& producer) {
    const Snapshot newest = channel_.latest();
    try {
        start(source, producer);
    } catch (const download_in_flight&) {  // somebody still reads the older snapshot: the next call starts one
    }
    return views(newest);
}

NodeViews NodeDownload::wait() { return views(channel_.unclaimed() ? channel_.wait(name_) : channel_.latest()); }

Snapshot NodeDownload::prepare_resize(std::size_t count) {
    if (channel_.unclaimed()) static_cast<void>(channel_.wait(name_));
    const Snapshot newest = channel_.latest();
    const std::array<std::size_t, 3> sizes{count * sizeof(float), count * sizeof(float), count * sizeof(float)};
    return channel_.compose(sizes, [&](std::size_t array, void* data) {
        const std::size_t kept = newest ? std::min(newest.bytes(array), sizes[array]) : 0;
        if (kept > 0) std::memcpy(data, newest.data(array), kept);
        std::memset(static_cast<std::byte*>(data) + kept, 0, sizes[array] - kept);
    });
}

}  // namespace triune
