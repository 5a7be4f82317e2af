// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/download_slot.hpp>

#include <algorithm>
#include <thread>
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
      produced(resources->device, EventUse::between_streams),
      source_released(resources->device, EventUse::between_streams),
      landed(resources->device, EventUse::between_streams),
      wake(resources->device) {
    piece = resources->pinned.allocate(total);
}

DownloadSlot::~DownloadSlot() {
    if (in_flight) {
        report_teardown(resources->device.event_synchronize(landed.handle()),
                        "waiting for a download that nobody reads");
    }
    land();
    resources->pool.deallocate(staging, StreamOrder::on(resources->workless.handle()));
    resources->pinned.deallocate(piece);
}

void DownloadSlot::stage(std::size_t total, StreamHandle producer) {
    if (staging.bytes >= total) return;
    const Block larger = resources->pool.allocate(total, producer);
    resources->pool.deallocate(std::exchange(staging, larger), StreamOrder::on(resources->workless.handle()));
}

void DownloadSlot::land() noexcept {
    in_flight = false;
    if (stream) resources->download_streams.release(*std::exchange(stream, std::nullopt));
}

// Note [Waiting for a download]
// A thread that sleeps for an event is woken some tens of microseconds after it, a tenth of what 12 MB need on the
// link. So it sleeps until shortly before the download is due, which the link's speed tells, and stays awake from there
// on. While the producer's work still runs, nobody knows when that ends: it is looked at now and then, more rarely the
// longer it takes. What is late by a good part of its time, because others use the link or staging has to wait, is
// slept for after all, as is what takes very long. A small download that goes at once is there when the producer's work
// is.
bool DownloadSlot::await_awake() const {
    using namespace std::chrono_literals;
    using Clock = std::chrono::steady_clock;
    constexpr auto oversleeping = 100us;   // a thread that sleeps until a time may wake up so much later
    constexpr auto awake_at_first = 50us;  // so long are the shortest sleeps
    constexpr auto longest_look = 10ms;    // at the producer's work
    constexpr auto longest_sleep = 500us;  // what is known of the link may come of a small download that was late
    const bool crosses = before_link != nullptr;
    const Event& before = crosses ? *before_link : landed;
    const Clock::duration crossing = resources->link.time_of(layout.total);
    const Clock::duration patience = std::max<Clock::duration>(crossing / 4, 50us);
    const Clock::time_point called = Clock::now();
    Clock::time_point begun = started;  // at the earliest
    while (!landed.query()) {
        const Clock::time_point now = Clock::now();
        const Clock::time_point due = begun + crossing;
        if (!before.query()) {
            begun = now;
            if (now - called > longest_look) return false;
            if (now - called < awake_at_first) continue;
            std::this_thread::sleep_for(std::clamp<Clock::duration>((now - called) / 8, 5us, 200us));
        } else if (now + oversleeping < due) {
            std::this_thread::sleep_for(std::min<Clock::duration>(due - oversleeping - now, longest_sleep));
        } else if (now > due + patience) {
            return false;
        }
    }
    if (crosses) resources->link.note(layout.total, Clock::now() - begun);
    return true;
}

// An event that can wake a thread delays what comes before it by a microsecond, so it is recorded only here, on a
// stream that waits for the download.
void DownloadSlot::await_asleep() {
    try {
        Stream waiting = resources->download_streams.acquire();
        check(resources->device.stream_wait(waiting.handle(), landed.handle()), "waiting for a download");
        wake.record(waiting.handle());
        wake.synchronize();
        resources->download_streams.release(std::move(waiting));
    } catch (const Error&) {  // then awake
        landed.synchronize();
    }
    if (before_link != nullptr) resources->link.note(layout.total, std::chrono::steady_clock::now() - started);
}

void DownloadSlot::await(WaitMode mode) {
    const bool landed_already = mode == WaitMode::prompt ? await_awake() : landed.query();
    if (!landed_already) await_asleep();
}

}  // namespace triune
