// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/download_slot.hpp>

#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {

SlotLayout::SlotLayout(std::vector<std::size_t> array_sizes) : sizes(std::move(array_sizes)) {
    offsets.reserve(sizes.size());
    for (const std::size_t size : sizes) {
        offsets.push_back(round_up(total, array_alignment));
        total = offsets.back() + size;
    }
}

DownloadSlot::DownloadSlot(std::shared_ptr<DeviceResources> owner, std::size_t total)
    : resources(std::move(owner)),
      source_released(resources->device, EventUse::between_streams),
      done(resources->device) {
    piece = resources->pinned.allocate(total);
}

DownloadSlot::~DownloadSlot() {
    if (in_flight) {
        report_teardown(resources->device.event_synchronize(done.handle()), "waiting for a download that nobody reads");
    }
    resources->pool.deallocate(staging, StreamOrder::on(resources->transfer.handle()));
    resources->pinned.deallocate(piece);
}

void DownloadSlot::stage(std::size_t total, StreamHandle producer) {
    if (staging.bytes >= total) return;
    const Block larger = resources->pool.allocate(total, producer);
    resources->pool.deallocate(std::exchange(staging, larger), StreamOrder::on(resources->transfer.handle()));
}

}  // namespace triune
