// SPDX-License-Identifier: Apache-2.0
// A growth that is prepared but not yet in effect.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include <triune/manage/buffer_access.hpp>
#include <triune/manage/buffer_state.hpp>

namespace triune {

// Note [Growth in two steps]
// Preparing does all that can fail: the limit, the memory, the copies. Committing cannot fail. So a failure at any step
// leaves the buffer as it was, and several buffers (a group, a graph's arrays) grow all or none: prepare each, then
// commit each. A growth that is dropped instead gives back what it prepared. The buffer is locked meanwhile, but not
// while the manager's failure hook runs, which may free this buffer too; then stale_handle is thrown. Buffers whose
// growth is prepared while another's hook runs stay locked: using them there throws invalid_argument, and freeing them
// takes effect once their growth has ended.
class Growth {
  public:
    // To a capacity of exactly `capacity_bytes`, more than there is; contents preserved, new bytes zero, all in
    // `order`. Throws limit_exceeded, out_of_memory, device_error.
    // With a submission for several growths, which must outlive the preparation, copies are queued there and new
    // elements are left to its owner.
    Growth(BufferState& buffer, std::size_t capacity_bytes, StreamOrder order, Submission* together = nullptr);
    // To the capacity that the growth rule gives for `required_bytes`; does nothing where they fit already.
    static Growth for_required(BufferState& buffer, std::size_t required_bytes, StreamOrder order,
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
    void order_after_uses(Submission& work) const { buffer_->order_after_uses(work); }

    // `buffer`, whose growth this very thread has under way, is freed in `order` once that ends.
    static void free_after(BufferState& buffer, StreamOrder order) noexcept;

    // The size becomes at least `size_bytes`, within the new capacity.
    void commit(std::size_t size_bytes = 0) noexcept;

  private:
    Growth(BufferState& buffer, StreamOrder order, Submission* together);
    const Storage& target() const noexcept { return storage_ ? *storage_ : buffer_->storage_; }
    // Prepares what `target()` says is wanted, 0 for nothing; where memory has run out and the manager's failure hook
    // says so, again.
    template <typename Target>
    void prepare_or_ask(Target&& target);
    void prepare(std::size_t capacity_bytes);
    void undo() noexcept;
    void lock();
    void unlock() noexcept;

    // The growths that this thread has under way, so that a free can find the one that it has to wait for.
    static thread_local Growth* newest;
    void enlist() noexcept;
    void delist() noexcept;

    BufferReference buffer_;  // the failure hook may drop the last owner
    StreamOrder order_;
    Growth* older_ = nullptr;
    std::optional<StreamOrder> free_after_;
    Submission* together_;                // null: this growth has one of its own
    std::unique_lock<BufferState> lock_;  // held: growing() is set
    std::size_t capacity_ = 0;            // 0: nothing to do
    std::size_t charged_ = 0;
    std::size_t extended_from_ = 0;  // committed bytes before an extension in place
    bool extended_ = false;
    std::optional<Storage> storage_;  // the new one, where the bytes move
};

}  // namespace triune
