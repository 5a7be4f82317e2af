// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/download_channel.hpp>

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <chrono>
#include <mutex>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/trace.hpp>
#include <triune/base/units.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/manage/download_slot.hpp>
#include <triune/detail/manage/recording.hpp>
#include <triune/detail/manage/submission.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {
namespace {

using CopyPieces = boost::container::small_vector<CopyPiece, 4>;

// The copies that fill a slot's memory at `base`.
CopyPieces pieces_of(const SlotLayout& layout, std::span<const DeviceSpan> sources, void* base) {
    CopyPieces pieces;
    pieces.reserve(sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (sources[i].bytes == 0) continue;
        pieces.push_back({static_cast<std::byte*>(base) + layout.offsets[i], sources[i].data, sources[i].bytes});
    }
    return pieces;
}

}  // namespace

std::size_t Snapshot::array_count() const noexcept { return slot_ ? slot_->layout.sizes.size() : 0; }
const void* Snapshot::data(std::size_t array) const noexcept { return slot_->array(array); }
std::size_t Snapshot::bytes(std::size_t array) const noexcept { return slot_->layout.sizes[array]; }
std::uint64_t Snapshot::sequence() const noexcept { return slot_ ? slot_->sequence : 0; }

DownloadChannel::~DownloadChannel() = default;

// While it lives no other start of the channel goes on; one by the same thread, from a sink or a hook, is refused.
class DownloadChannel::OneStart {
  public:
    OneStart(CallLock& lock, std::string_view name) : lock_(lock) {
        lock_.lock([name] { return std::string(name); });
    }
    OneStart(const OneStart&) = delete;
    OneStart& operator=(const OneStart&) = delete;
    ~OneStart() { lock_.unlock(); }

  private:
    CallLock& lock_;
};

// Notes that a download has landed. Throws device_error where the device cannot say.
void DownloadChannel::refresh(DownloadSlot& slot) {
    if (slot.in_flight && slot.landed.query()) slot.land();
}

template <typename Acquire>
auto DownloadChannel::acquire_memory(std::size_t bytes, std::string_view name, Acquire&& acquire) {
    try {
        return acquire();
    } catch (const out_of_memory&) {
        resources_->trim();
    }
    try {
        return acquire();
    } catch (const out_of_memory& failure) {
        throw out_of_memory("a download of '" + std::string(name) + "' needs " + byte_text(bytes) +
                            " meanwhile: " + std::string(failure.sentence()));
    }
}

// Note [One moment]
// Other threads may feed the producer's stream meanwhile, so what they queue between two calls of ours would come
// between two parts of a snapshot. All arrays are therefore staged by one piece of work, however many and large they
// are, as copy_on_device() promises. Staging takes 4% of the time that the link needs (docs/measurements/).
//
// Preparing it may wait: where memory has run out, and to undo what failed. So only other starts are kept out
// meanwhile; the slot is nobody else's until it is in its place again.
void DownloadChannel::start_in(std::span<const DeviceSpan> sources, StreamOrder order, std::string_view name,
                               DownloadMode mode) {
    const trace::Range range("start download", name);
    const OneStart alone(starts_, name);
    refuse_capture(order, name);
    const Slot oldest = acquire_oldest(name);
    Slot slot = oldest;
    bool overwriting = false;
    try {
        SlotLayout layout;
        for (const DeviceSpan& source : sources) layout.add(source.bytes);
        if (!slot || layout.total > slot->piece.bytes) {
            slot = acquire_memory(layout.total, name,
                                  [&] { return std::make_shared<DownloadSlot>(resources_, layout.total); });
        }
        if (goes_at_once(layout, order, mode)) {
            write_at_once(*slot, layout, sources, order.stream(), name, overwriting);
        } else {
            queue(*slot, layout, sources, order, name, mode, overwriting);
        }
        slot->layout = std::move(layout);
    } catch (...) {
        // What a slot used again held may be gone; the newer one is whole.
        if (!overwriting || slot != oldest) put(oldest);
        throw;
    }
    slot->in_flight = true;
    if (recorder::is_on()) recording::download_started(name, order, slot->layout.total);
    const std::lock_guard lock(mutex_);
    slot->sequence = ++sequence_;
    slots_[sequence_ % 2] = std::move(slot);
}

// The graph would write into the slot whenever it runs, also when that holds another download.
void DownloadChannel::refuse_capture(StreamOrder order, std::string_view name) {
    if (!order.names_stream()) return;
    StreamState state;
    check_on_stream(resources_->device.stream_state(order.stream(), state), "starting a download", name);
    if (!state.capturing) return;
    throw device_error("a download of '" + std::string(name) +
                           "' was started on a stream that is capturing a graph, which would write into its memory "
                           "whenever it runs: start it outside of the capture",
                       cuda_error::stream_capture_unsupported);
}

DownloadChannel::Slot DownloadChannel::acquire_oldest(std::string_view name) {
    const std::lock_guard lock(mutex_);
    Slot& oldest = slots_[(sequence_ + 1) % 2];
    if (oldest) refresh(*oldest);
    if (oldest && oldest->in_flight) {
        throw download_in_flight("two downloads of '" + std::string(name) +
                                 "' are in flight already: wait for one first");
    }
    if (oldest.use_count() > 1) {
        throw download_in_flight("a download of '" + std::string(name) + "' would overwrite a view that is still held");
    }
    return std::exchange(oldest, nullptr);
}

void DownloadChannel::put(const Slot& oldest) noexcept {
    const std::lock_guard lock(mutex_);
    slots_[(sequence_ + 1) % 2] = oldest;
}

// Note [Small downloads]
// What a kernel stages for a copy over the link, it could as well write straight into pinned memory: that takes as long
// as the copy, and saves the staging, three calls and a stream. The producer's stream is held meanwhile, up to this
// size no longer than a staged download holds it. Measured in docs/measurements/2026-11-30-small-downloads.md.
constexpr std::size_t at_once_bytes = 256 * KiB;

// The one before has landed: on the producer's stream this one would not come after it by itself.
bool DownloadChannel::goes_at_once(const SlotLayout& layout, StreamOrder order, DownloadMode mode) {
    if (!resources_->device.properties().writes_pinned || layout.total > at_once_bytes) return false;
    if (mode != DownloadMode::staged || !order.names_stream()) return false;
    const std::lock_guard lock(mutex_);
    const Slot& newest = slots_[sequence_ % 2];
    if (newest) refresh(*newest);
    return !newest || !newest->in_flight;
}

void DownloadChannel::write_at_once(DownloadSlot& slot, const SlotLayout& layout, std::span<const DeviceSpan> sources,
                                    StreamHandle producer, std::string_view name, bool& overwriting) {
    Device& device = resources_->device;
    const CopyPieces pieces = pieces_of(layout, sources, slot.piece.data);
    check_on_stream(device.copy_on_device({pieces.data(), pieces.size()}, producer), "downloading", name);
    overwriting = true;
    const Status marked = device.event_record(slot.landed.handle(), producer);
    if (!marked.ok()) {  // the kernel writes into the slot, which nobody would wait for
        report_teardown(device.stream_synchronize(producer), "waiting for a failed download");
        check_on_stream(marked, "marking a download's end", name);
    }
    slot.before_link = nullptr;
    slot.released = &slot.landed;
}

// The copy over the link has a stream to itself. Without a stream named, so has the staging: after all work of the
// device by now, and it is the default stream that waits for it, so that streams which wait for the default stream come
// behind. Downloads of one channel land in the order of their starts, so who has waited for the newest may start two
// more.
void DownloadChannel::queue(DownloadSlot& slot, const SlotLayout& layout, std::span<const DeviceSpan> sources,
                            StreamOrder order, std::string_view name, DownloadMode mode, bool& overwriting) {
    Device& device = resources_->device;
    slot.stream = resources_->download_streams.acquire();
    const StreamHandle own = slot.stream->handle();
    const StreamHandle producer = order.names_stream() ? order.stream() : own;
    const bool staged = mode == DownloadMode::staged;
    Event& before_link = staged ? slot.source_released : slot.produced;
    slot.started = std::chrono::steady_clock::now();
    slot.before_link = &before_link;
    slot.released = staged ? &slot.source_released : &slot.landed;
    bool copied = false;
    const auto mark_place = [&] {
        check_on_stream(device.event_record(before_link.handle(), producer), "marking a download's place", name);
        const StreamHandle later = order.names_stream() ? own : nullptr;
        check_for(device.stream_wait(later, before_link.handle()), "ordering work after a download's place", name);
    };
    try {
        if (staged) acquire_memory(layout.total, name, [&] { slot.stage(layout.total, producer); });
        if (!order.names_stream()) {
            slot.produced.record_device();
            check_for(device.stream_wait(own, slot.produced.handle()), "ordering a download after all work", name);
        }
        if (staged) {
            const CopyPieces pieces = pieces_of(layout, sources, slot.staging.data);
            check_on_stream(device.copy_on_device({pieces.data(), pieces.size()}, producer), "staging a download",
                            name);
            copied = true;
            mark_place();
        } else if (order.names_stream()) {
            mark_place();
        }
        wait_for_newest(own, name);
        overwriting = true;
        if (staged) {
            check_for(device.copy(slot.piece.data, slot.staging.data, layout.total, own), "downloading", name);
        } else {
            for (const CopyPiece& piece : pieces_of(layout, sources, slot.piece.data)) {
                check_for(device.copy(piece.to, piece.from, piece.bytes, own), "downloading", name);
            }
        }
        slot.landed.record(own);
    } catch (...) {
        // The staging block's readers must be done before its memory serves others, and the slot's writers before it
        // does. The stream may still wait for the producer, so it serves nobody else.
        if (overwriting || (copied && !order.names_stream())) {
            report_teardown(device.stream_synchronize(own), "waiting for a failed download");
        }
        resources_->pool.deallocate(std::exchange(slot.staging, {}), StreamOrder::on(producer));
        slot.stream.reset();
        throw;
    }
}

// What is queued on `stream` from now on runs after the newest download, where that is in flight.
void DownloadChannel::wait_for_newest(StreamHandle stream, std::string_view name) {
    const std::lock_guard lock(mutex_);
    const Slot& newest = slots_[sequence_ % 2];
    if (!newest || !newest->in_flight) return;
    check_for(resources_->device.stream_wait(stream, newest->landed.handle()),
              "ordering a download after the one before", name);
}

bool DownloadChannel::pending() {
    const std::lock_guard lock(mutex_);
    bool any = false;
    for (Slot& slot : slots_) {
        if (!slot) continue;
        refresh(*slot);
        any = any || slot->in_flight;
    }
    return any;
}

bool DownloadChannel::unclaimed() const {
    const std::lock_guard lock(mutex_);
    return claimed_ < sequence_;
}

bool DownloadChannel::poll() {
    const std::lock_guard lock(mutex_);
    if (claimed_ == sequence_) return false;
    DownloadSlot& newest = *slots_[sequence_ % 2];
    refresh(newest);
    return !newest.in_flight;
}

void DownloadChannel::wait_until_released() {
    Slot slot;
    {
        const std::lock_guard lock(mutex_);
        slot = slots_[sequence_ % 2];
        if (!slot || !slot->in_flight) return;
    }
    slot->released->synchronize();  // unlocked, so that no start waits here
}

void DownloadChannel::hold_back(StreamHandle stream) {
    const std::lock_guard lock(mutex_);
    for (const Slot& slot : slots_) {
        if (!slot || !slot->in_flight) continue;
        check_on_stream(resources_->device.stream_wait(stream, slot->released->handle()),
                        "ordering a write after a download");
    }
}

Snapshot DownloadChannel::wait(std::string_view name, WaitMode mode) {
    const trace::Range range("wait for download", name);
    Slot slot;
    {
        const std::lock_guard lock(mutex_);
        if (claimed_ == sequence_) {
            throw no_pending_download("no download of '" + std::string(name) + "' was started since the last wait");
        }
        slot = slots_[sequence_ % 2];
    }
    const std::uint64_t sequence = slot->sequence;
    slot->await(mode);  // unlocked, so that no start waits here; the hold keeps the slot from being reused
    const std::lock_guard lock(mutex_);
    slot->land();
    claimed_ = std::max(claimed_, sequence);
    return Snapshot(std::move(slot));
}

DownloadChannel::Slot DownloadChannel::newest_complete() {
    Slot newest;
    for (Slot& slot : slots_) {
        if (!slot) continue;
        refresh(*slot);
        const bool complete = !slot->in_flight && slot->sequence != 0;
        if (complete && (!newest || slot->sequence > newest->sequence)) newest = slot;
    }
    return newest;
}

Snapshot DownloadChannel::latest() {
    const std::lock_guard lock(mutex_);
    return Snapshot(newest_complete());
}

Snapshot DownloadChannel::claim_latest() {
    const std::lock_guard lock(mutex_);
    Slot newest = newest_complete();
    if (newest) claimed_ = std::max(claimed_, newest->sequence);
    return Snapshot(std::move(newest));
}

Snapshot DownloadChannel::compose(std::span<const std::size_t> bytes,
                                  const std::function<void(std::size_t array, void* data)>& write) const {
    SlotLayout layout;
    for (const std::size_t each : bytes) layout.add(each);
    auto slot = std::make_shared<DownloadSlot>(resources_, layout.total);
    slot->layout = std::move(layout);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] > 0) write(i, slot->array(i));
    }
    return Snapshot(std::move(slot));
}

void DownloadChannel::adopt(Snapshot snapshot) noexcept {
    Slot slot = std::const_pointer_cast<DownloadSlot>(snapshot.slot_);
    const std::lock_guard lock(mutex_);
    slot->sequence = ++sequence_;
    claimed_ = sequence_;
    slots_[sequence_ % 2].swap(slot);  // the former one goes after the lock
}

}  // namespace triune
