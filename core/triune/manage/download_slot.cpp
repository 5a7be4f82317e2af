// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/download_slot.hpp>

#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {

void SlotLayout::add(std::size_t bytes) {
    sizes.push_back(bytes);
    offsets.push_back(round_up(total, array_alignment));
    total = offsets.back() + bytes;
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
