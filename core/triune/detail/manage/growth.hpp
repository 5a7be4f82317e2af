// SPDX-License-Identifier: Apache-2.0
// A growth that is prepared but not yet in effect.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include <triune/detail/manage/buffer_state.hpp>
#include <triune/manage/buffer_access.hpp>
#include <triune/manage/shortage.hpp>

namespace triune {

class Submission;

// Note [Growth in two steps]
// Preparing does all that can fail: the limit, the memory, the copies. Committing cannot fail. So a failure at any step
// leaves the buffer as it was, and several buffers (a group, a graph's arrays) grow all or none: prepare each, then
// commit each. A growth that is dropped instead gives back what it prepared. The buffer is locked until then: in the
// thread that does it, a log sink or a trace that uses the buffer gets invalid_argument, and one that frees it has it
// freed once the growth has ended. What was committed gives the old memory back and tells the log when it goes: after
// all that grow together are unlocked.
class Growth {
  public:
    // To a capacity of exactly `capacity_bytes`, more than there is; contents preserved, new bytes zero, all in
    // `order`. Throws limit_exceeded, out_of_memory, device_error, and notes what lacked.
    // With a submission for several growths, which must outlive the preparation, copies are queued there and new
    // elements are left to its owner.
    Growth(BufferState& buffer, std::size_t capacity_bytes, StreamOrder order, Shortage& shortage,
           Submission* together = nullptr);
    // To the capacity that the growth rule gives for `required_bytes`; does nothing where they fit already.
    static Growth for_required(BufferState& buffer, std::size_t required_bytes, StreamOrder order, Shortage& shortage,
                               Submission* together = nullptr);
    Growth(Growth&& other) noexcept;
    Growth& operator=(Growth&&) = delete;
    ~Growth();

    // Of what the buffer will be. Bytes that it has already are kept_bytes(), at the same address unless it moves.
    std::byte* data() const noexcept { return target().data(); }
    std::size_t capacity_bytes() const noexcept { return capacity_ != 0 ? capacity_ : kept_bytes(); }
    std::size_t usable_bytes() const noexcept { return target().usable_bytes(); }
    const void* allocation() const noexcept { return target().allocation(); }
    std::size_t kept_bytes() const noexcept { return buffer_->capacity_; }
    bool moves() const noexcept { return storage_.has_value(); }
    bool zeroes() const noexcept { return buffer_->description().config.zeroed; }
    // Whether the new bytes lie in memory that the buffer has already: work of those who had it before may be queued
    // still, on streams that the caller does not name.
    bool stays_within() const noexcept { return capacity_ != 0 && !extended_ && !storage_; }
    void order_after_uses(Submission& work) const { buffer_->order_after_uses(work); }

    // The size becomes at least `size_bytes`, within the new capacity. Unlocks.
    void commit(std::size_t size_bytes = 0) noexcept;

  private:
    Growth(BufferState& buffer, StreamOrder order, Submission* together);
    const Storage& target() const noexcept { return storage_ ? *storage_ : buffer_->storage_; }
    void prepare_or_note(std::size_t capacity_bytes, Shortage& shortage);
    void prepare(std::size_t capacity_bytes);
    void undo() noexcept;

    BufferReference buffer_;
    StreamOrder order_;
    Submission* together_;                // null: this growth has one of its own
    std::unique_lock<BufferState> lock_;  // until the commit
    std::size_t capacity_ = 0;            // 0: nothing to do
    std::size_t charged_ = 0;
    std::size_t extended_from_ = 0;  // committed bytes before an extension in place
    bool extended_ = false;
    std::optional<Storage> storage_;  // the new one, where the bytes move; once committed, the old one
    // Once committed: what keeps the device's memory, as another thread may free the buffer, and the former capacity.
    std::shared_ptr<DeviceResources> resources_;
    std::size_t before_ = 0;
    int device_ = 0;  // for the log
};

}  // namespace triune
