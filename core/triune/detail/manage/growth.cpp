// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/growth.hpp>

#include <algorithm>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/trace.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/base/memory_watch.hpp>
#include <triune/detail/manage/buffer_in_log.hpp>
#include <triune/detail/manage/growth_policy.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/recording.hpp>
#include <triune/detail/manage/submission.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

Growth::Growth(BufferState& buffer, StreamOrder order, Submission* together)
    : buffer_(&buffer), order_(order), together_(together), lock_(buffer) {
    buffer.require_alive();
    buffer.touch();
}

Growth::Growth(BufferState& buffer, std::size_t capacity_bytes, StreamOrder order, Shortage& shortage,
               Submission* together)
    : Growth(buffer, order, together) {
    if (capacity_bytes > buffer.capacity_) prepare_or_note(capacity_bytes, shortage);
}

Growth Growth::for_required(BufferState& buffer, std::size_t required_bytes, StreamOrder order, Shortage& shortage,
                            Submission* together) {
    Growth growth(buffer, order, together);
    if (required_bytes > buffer.capacity_) growth.prepare_or_note(buffer.grown_capacity(required_bytes), shortage);
    return growth;
}

Growth::Growth(Growth&& other) noexcept
    : buffer_(std::move(other.buffer_)),
      order_(other.order_),
      together_(other.together_),
      lock_(std::move(other.lock_)),
      capacity_(std::exchange(other.capacity_, 0)),
      charged_(std::exchange(other.charged_, 0)),
      extended_from_(other.extended_from_),
      extended_(std::exchange(other.extended_, false)),
      storage_(std::exchange(other.storage_, std::nullopt)),
      resources_(std::move(other.resources_)),
      before_(other.before_),
      device_(other.device_) {}

Growth::~Growth() {
    if (!buffer_) return;
    if (lock_) {
        undo();
        return;
    }
    if (storage_) storage_->release(*resources_, order_);
    if (capacity_ == 0) return;
    log::debug([&] {
        const std::string done = before_ == 0 ? "allocated " : "grew from " + std::to_string(before_) + " to ";
        return done + std::to_string(capacity_) + " bytes: " + in_log(*buffer_, device_, order_);
    });
}

void Growth::prepare_or_note(std::size_t capacity_bytes, Shortage& shortage) {
    try {
        prepare(capacity_bytes);
    } catch (const Error&) {
        shortage.note(*buffer_->core_, *buffer_, capacity_bytes - buffer_->capacity_);
        throw;
    }
}

// Every step of prepare() is noted as soon as it is done, so this undoes a preparation that broke off as well.
void Growth::undo() noexcept {
    // The zeroing of new elements where they are may still be queued on the caller's stream.
    if (capacity_ != 0 && !storage_ && order_.names_stream()) {
        report_teardown(buffer_->core_->resources->device.stream_synchronize(order_.stream()), "undoing a growth");
    }
    if (std::exchange(extended_, false)) buffer_->storage_.decommit(extended_from_);
    if (storage_) storage_->release(*buffer_->core_->resources, order_);
    storage_.reset();
    if (charged_ != 0) buffer_->core_->memory.subtract(std::exchange(charged_, 0));
    capacity_ = 0;
}

void Growth::prepare(std::size_t capacity_bytes) {
    const trace::Range range(buffer_->capacity_ == 0 ? "allocate" : "grow", buffer_->label());
    ManagerCore& core = *buffer_->core_;
    DeviceResources& resources = *core.resources;
    const BufferConfig& config = buffer_->description().config;
    const DeviceProperties& device = resources.device.properties();
    const std::size_t old_capacity = buffer_->capacity_;
    const std::size_t added = capacity_bytes - old_capacity;

    const GrowthTier tier = growth_tier(buffer_->storage_, capacity_bytes, config, device);
    if (tier == GrowthTier::map && config.stable_address && old_capacity > 0 && capacity_bytes <= device.total_bytes) {
        throw out_of_memory("'" + buffer_->label() + "' needs " + byte_text(capacity_bytes) +
                            " at the address that it must keep, where " +
                            byte_text(buffer_->storage_.reserved_bytes()) +
                            " of addresses are reserved: the process has too few for all its buffers");
    }

    const MemoryRequest request{buffer_->label(), added, old_capacity};
    core.charge(request, buffer_->description().refusable);
    charged_ = added;

    std::optional<Submission> alone;
    Submission& work = together_ != nullptr ? *together_ : alone.emplace(resources, order_, buffer_->label());
    core.acquire_memory(request, [&] {
        switch (tier) {
            case GrowthTier::within:
                if (const MemoryWatch* const watch = memory_watch()) watch->in_use(data(), capacity_bytes);
                break;
            case GrowthTier::extend:
                extended_from_ = buffer_->storage_.usable_bytes();
                buffer_->storage_.commit(capacity_bytes);
                extended_ = true;
                break;
            case GrowthTier::map:
            case GrowthTier::copy:
                storage_ = new_storage(tier, resources, capacity_bytes, config, work.stream(),
                                       buffer_->storage_.is_mapped());
                break;
        }
    });
    if (storage_ && old_capacity > 0) {
        buffer_->order_after_uses(work);
        work.copy_on_device(data(), buffer_->storage_.data(), old_capacity, "moving a growing buffer's contents");
    }
    capacity_ = capacity_bytes;
    if (!alone) return;
    if (config.zeroed) {
        if (stays_within()) alone->after_earlier_work();
        alone->zero(data() + old_capacity, added, "zeroing a buffer's new elements");
    }
    alone->finish();
}

void Growth::commit(std::size_t size_bytes) noexcept {
    BufferState& buffer = *buffer_;
    if (capacity_ != 0) {
        before_ = buffer.capacity_;
        device_ = device_in_log(*buffer.core_->resources);
        const void* const from = buffer.storage_.data();
        if (storage_) {
            resources_ = buffer.core_->resources;
            Storage old = std::exchange(buffer.storage_, std::move(*storage_));
            storage_.emplace(std::move(old));
        }
        buffer.note_address();
        buffer.core_->registry.resized(buffer, capacity_);
        if (recorder::is_on()) {
            recording::resized(*buffer.core_, buffer, order_, from, before_, buffer.storage_.data(), capacity_);
        }
    }
    buffer.size_ = std::max<std::size_t>(buffer.size_, std::min<std::size_t>(size_bytes, buffer.capacity_));
    lock_.unlock();
}

}  // namespace triune
