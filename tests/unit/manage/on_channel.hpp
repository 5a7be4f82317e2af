// SPDX-License-Identifier: Apache-2.0
// A channel, and a buffer whose downloads are seen through.
#pragma once

#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/download_channel.hpp>

#include "on_manager.hpp"

namespace triune {

struct OnChannel : OnManager {
    explicit OnChannel(sim::SimOptions options = small()) : OnManager(GpuMemoryManager::default_limit_bytes, options) {}

    DownloadChannel channel{manager.core()->resources};
    Buffer<float> source = manager.make_buffer<float>("source", 1000);

    void fill(float value) { source.fill(value, stream.handle()); }
    void start(DownloadMode mode = DownloadMode::staged) {
        const DeviceSpan span{source.data(), source.size_bytes()};
        channel.start({&span, 1}, stream.handle(), "source", mode);
    }
    // Its only value, -1 where they differ.
    static float value_of(const Snapshot& snapshot) {
        const auto view = snapshot.view<float>(0);
        for (const float value : view) {
            if (value != view[0]) return -1;
        }
        return view.empty() ? -1 : view[0];
    }
};

// On a device whose kernels write pinned memory, so that small downloads go at once.
struct OnWriter : OnChannel {
    OnWriter() : OnChannel(writer()) {}
    static sim::SimOptions writer() {
        sim::SimOptions options = small();
        options.writes_pinned = true;
        return options;
    }
};

}  // namespace triune
