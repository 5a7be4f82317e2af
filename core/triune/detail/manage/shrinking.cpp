// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/shrinking.hpp>

#include <utility>

#include <triune/base/log.hpp>
#include <triune/base/trace.hpp>
#include <triune/detail/manage/buffer_in_log.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/manage/recording.hpp>
#include <triune/detail/manage/submission.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

Shrinking::Shrinking(BufferState& buffer, StreamOrder order, Shortage& shortage)
    : buffer_(&buffer), order_(order), lock_(buffer) {
    const trace::Range range("shrink", buffer.label());
    buffer.require_alive();
    buffer.touch();
    DeviceResources& resources = *buffer.core_->resources;
    const std::size_t size = buffer.size_;
    if (size == buffer.capacity_) return;
    mapped_ = buffer.storage_.is_mapped() && size > 0;
    if (mapped_) {
        resources.service.join_all();
        resources.service.synchronize();
        return;
    }
    other_.emplace();
    if (size == 0) return;
    try {
        move_to_smaller(size);
    } catch (const Error&) {
        other_->release(resources, order);
        shortage.note(*buffer.core_, buffer, size);
        throw;
    }
}

void Shrinking::move_to_smaller(std::size_t size) {
    DeviceResources& resources = *buffer_->core_->resources;
    Submission work(resources, order_, buffer_->label());
    const MemoryRequest request{buffer_->label(), size, before_};
    buffer_->core_->acquire_memory(request, [&] { *other_ = Storage::pooled(resources, size, work.stream()); });
    buffer_->order_after_uses(work);
    work.copy_on_device(other_->data(), buffer_->storage_.data(), size, "moving a shrinking buffer's contents");
    work.finish();
}

Shrinking::Shrinking(Shrinking&& other) noexcept
    : buffer_(std::move(other.buffer_)),
      order_(other.order_),
      lock_(std::move(other.lock_)),
      mapped_(std::exchange(other.mapped_, false)),
      other_(std::exchange(other.other_, std::nullopt)),
      resources_(std::move(other.resources_)),
      before_(std::exchange(other.before_, 0)),
      after_(std::exchange(other.after_, 0)),
      device_(other.device_) {}

Shrinking::~Shrinking() {
    if (other_) other_->release(resources_ ? *resources_ : *buffer_->core_->resources, order_);
    if (before_ == after_) return;
    log::debug([&] {
        return "shrank from " + std::to_string(before_) + " to " + std::to_string(after_) +
               " bytes: " + in_log(*buffer_, device_, order_);
    });
}

void Shrinking::commit() noexcept {
    BufferState& buffer = *buffer_;
    const void* const from = buffer.storage_.data();
    if (mapped_) buffer.storage_.decommit(buffer.size_);
    if (other_) {
        resources_ = buffer.core_->resources;
        if (!buffer.readers_known(order_)) order_ = StreamOrder::after_all();
        Storage old = std::exchange(buffer.storage_, std::move(*other_));
        other_.emplace(std::move(old));
    }
    if (mapped_ || other_) {
        ManagerCore& core = *buffer.core_;
        before_ = buffer.capacity_;
        device_ = device_in_log(*core.resources);
        after_ = buffer.size_;
        buffer.note_address();
        core.registry.resized(buffer, after_);
        if (recorder::is_on()) {
            recording::resized(core, buffer, order_, from, before_, buffer.storage_.data(), after_);
        }
        core.memory.subtract(before_ - after_);  // in this order, as in a free
    }
    lock_.unlock();
}

}  // namespace triune
