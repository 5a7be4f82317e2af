// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/growth.hpp>

#include <algorithm>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/trace.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/growth_policy.hpp>
#include <triune/manage/manager_core.hpp>

namespace triune {

thread_local Growth* Growth::newest = nullptr;

Growth::Growth(BufferState& buffer, StreamOrder order, Submission* together)
    : buffer_(&buffer), order_(order), together_(together), lock_(buffer, std::defer_lock) {
    lock();
}

Growth::Growth(BufferState& buffer, std::size_t capacity_bytes, StreamOrder order, Submission* together)
    : Growth(buffer, order, together) {
    prepare_or_ask([&] { return capacity_bytes > buffer.capacity_ ? capacity_bytes : 0; });
}

Growth Growth::for_required(BufferState& buffer, std::size_t required_bytes, StreamOrder order, Submission* together) {
    Growth growth(buffer, order, together);
    growth.prepare_or_ask(
        [&] { return required_bytes > buffer.capacity_ ? buffer.grown_capacity(required_bytes) : 0; });
    return growth;
}

Growth::Growth(Growth&& other) noexcept
    : buffer_(std::move(other.buffer_)),
      order_(other.order_),
      free_after_(std::exchange(other.free_after_, std::nullopt)),
      together_(other.together_),
      lock_(std::move(other.lock_)),
      capacity_(std::exchange(other.capacity_, 0)),
      charged_(std::exchange(other.charged_, 0)),
      extended_from_(other.extended_from_),
      extended_(std::exchange(other.extended_, false)),
      storage_(std::exchange(other.storage_, std::nullopt)) {
    if (!lock_.owns_lock()) return;
    other.delist();
    enlist();
}

Growth::~Growth() {
    if (!buffer_) return;
    undo();
    unlock();
}

void Growth::enlist() noexcept { older_ = std::exchange(newest, this); }

void Growth::delist() noexcept {
    Growth** place = &newest;
    while (*place != this) place = &(*place)->older_;
    *place = older_;
}

void Growth::free_after(BufferState& buffer, StreamOrder order) noexcept {
    for (Growth* each = newest; each != nullptr; each = each->older_) {
        if (each->buffer_.get() == &buffer) each->free_after_ = order;
    }
}

void Growth::lock() {
    lock_.lock();
    buffer_->set_life(BufferState::is_growing, true);
    enlist();
}

void Growth::unlock() noexcept {
    if (!lock_.owns_lock()) return;
    delist();
    buffer_->set_life(BufferState::is_growing, false);
    // Freed meanwhile. Not unlocked in between: others that grow with it may be locked still, out of order.
    const auto freed = std::exchange(free_after_, std::nullopt);
    const std::size_t bytes = freed ? buffer_->release_memory(*freed) : 0;
    lock_.unlock();
    if (freed) buffer_->tell_freed(bytes);
}

template <typename Target>
void Growth::prepare_or_ask(Target&& target) {
    for (;;) {
        buffer_->require_alive();
        buffer_->touch();
        const std::size_t capacity_bytes = target();
        if (capacity_bytes == 0) return;
        const std::size_t added = capacity_bytes - buffer_->capacity_;
        const auto ask = [&] {  // unlocked: the hook may use the manager and its buffers, and free this one
            const auto core = buffer_->core_->shared_from_this();
            undo();
            unlock();
            const bool again = core->ask_failure_hook(added);
            lock();
            return again;
        };
        try {
            return prepare(capacity_bytes);
        } catch (const limit_exceeded&) {
            if (!ask()) throw;
        } catch (const out_of_memory&) {
            if (!ask()) throw;
        }
    }
}

// Every step of prepare() is noted as soon as it is done, so this undoes a preparation that broke off as well.
void Growth::undo() noexcept {
    if (extended_) {
        // The zeroing of the new elements may still be queued on the caller's stream.
        if (order_.names_stream() && capacity_ != 0) {
            report_teardown(buffer_->core_->resources->device.stream_synchronize(order_.stream()), "undoing a growth");
        }
        buffer_->storage_.decommit(extended_from_);
        extended_ = false;
    }
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

    core.charge(added, buffer_->label(), buffer_->description().refusable);
    charged_ = added;

    std::optional<Submission> alone;
    Submission& work = together_ != nullptr ? *together_ : alone.emplace(resources, order_);
    const GrowthTier tier = growth_tier(buffer_->storage_, capacity_bytes, config, device);
    core.obtain_memory(added, buffer_->label(), [&] {
        switch (tier) {
            case GrowthTier::within:
                break;
            case GrowthTier::extend:
                extended_from_ = buffer_->storage_.usable_bytes();
                buffer_->storage_.commit(capacity_bytes);
                extended_ = true;
                break;
            case GrowthTier::map:
            case GrowthTier::copy:
                storage_ = new_storage(tier, resources, capacity_bytes, config, work.stream());
                break;
        }
    });
    if (storage_ && old_capacity > 0) {
        buffer_->order_after_uses(work);
        work.copy_on_device(data(), buffer_->storage_.data(), old_capacity, "moving a growing buffer's contents");
    }
    capacity_ = capacity_bytes;
    if (!alone) return;
    if (config.zeroed) alone->zero(data() + old_capacity, added, "zeroing a buffer's new elements");
    alone->finish();
}

void Growth::commit(std::size_t size_bytes) noexcept {
    if (capacity_ != 0) {
        const std::size_t before = buffer_->capacity_;
        if (storage_) {
            Storage old = std::exchange(buffer_->storage_, std::move(*storage_));
            old.release(*buffer_->core_->resources, order_);
        }
        buffer_->core_->registry.resized(*buffer_, capacity_);
        log::debug([&] {
            const std::string now = std::to_string(capacity_) + " bytes";
            return before == 0 ? "allocated '" + buffer_->label() + "', " + now
                               : "grew '" + buffer_->label() + "' from " + std::to_string(before) + " to " + now;
        });
    }
    buffer_->size_ = std::max<std::size_t>(buffer_->size_, std::min<std::size_t>(size_bytes, buffer_->capacity_));
    unlock();
    buffer_.reset();  // nothing to undo
}

}  // namespace triune
