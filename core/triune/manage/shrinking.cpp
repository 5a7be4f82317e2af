// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/shrinking.hpp>

#include <utility>

#include <triune/base/log.hpp>
#include <triune/base/trace.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/manage/manager_core.hpp>

namespace triune {

Shrinking::Shrinking(BufferState& buffer, StreamOrder order, std::shared_ptr<ManagerCore>* core)
    : buffer_(&buffer), order_(order), lock_(buffer) {
    const trace::Range range("shrink", buffer.label());
    buffer.require_alive();
    if (core != nullptr) *core = buffer.core_->shared_from_this();
    buffer.touch();
    const std::size_t size = buffer.size_;
    if (size == buffer.capacity_) return;
    DeviceResources& resources = *buffer.core_->resources;
    mapped_ = buffer.storage_.is_mapped() && size > 0;
    if (mapped_) {
        resources.service.join_all();
        resources.service.synchronize();
        return;
    }
    smaller_.emplace();
    if (size == 0) return;
    Submission work(resources, order);
    buffer.core_->obtain_memory(size, buffer.label(),
                                [&] { *smaller_ = Storage::pooled(resources, size, work.stream()); });
    try {
        buffer.order_after_uses(work);
        work.copy_on_device(smaller_->data(), buffer.storage_.data(), size, "moving a shrinking buffer's contents");
        work.finish();
    } catch (...) {
        smaller_->release(resources, order);
        throw;
    }
}

Shrinking::Shrinking(Shrinking&& other) noexcept
    : buffer_(std::move(other.buffer_)),
      order_(other.order_),
      lock_(std::move(other.lock_)),
      mapped_(std::exchange(other.mapped_, false)),
      smaller_(std::exchange(other.smaller_, std::nullopt)) {}

Shrinking::~Shrinking() {
    if (smaller_) smaller_->release(*buffer_->core_->resources, order_);
}

void Shrinking::commit() noexcept {
    BufferState& buffer = *buffer_;
    if (mapped_) buffer.storage_.decommit(buffer.size_);
    if (smaller_) {
        const bool read = buffer.readers_known(order_);
        std::exchange(buffer.storage_, std::move(*smaller_))
            .release(*buffer.core_->resources, read ? order_ : StreamOrder::after_all());
    }
    if (mapped_ || smaller_) {
        ManagerCore& core = *buffer.core_;
        const std::size_t before = buffer.capacity_;
        core.registry.resized(buffer, buffer.size_);
        core.memory.subtract(before - buffer.capacity_);  // in this order, as in a free
        log::debug([&] {
            return "shrank '" + buffer.label() + "' from " + std::to_string(before) + " to " +
                   std::to_string(buffer.capacity_) + " bytes";
        });
    }
    smaller_.reset();
    lock_.unlock();
    buffer_.reset();
}

}  // namespace triune
