// SPDX-License-Identifier: Apache-2.0
// A shrinking to the size that is prepared but not yet in effect.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include <triune/detail/manage/buffer_state.hpp>
#include <triune/manage/shortage.hpp>

namespace triune {

// The opposite of Growth, in the same two steps: preparing does all that can fail, committing cannot fail, so that a
// group shrinks all or none. The buffer is locked until then. What was committed gives the old memory back and tells
// the log when it goes: after all of a group are unlocked.
//
// A pooled buffer moves to a smaller block, in the given order. A mapped one keeps its address and gives back whole
// chunks; no stream orders that, so preparing waits for all queued work, whatever the order says. An empty one gives
// its memory back in the given order.
class Shrinking {
  public:
    // Throws stale_handle, out_of_memory, device_error; notes what lacked.
    Shrinking(BufferState& buffer, StreamOrder order, Shortage& shortage);
    Shrinking(Shrinking&& other) noexcept;
    Shrinking& operator=(Shrinking&&) = delete;
    ~Shrinking();

    void commit() noexcept;

  private:
    void move_to_smaller(std::size_t size);

    BufferReference buffer_;
    StreamOrder order_;
    std::unique_lock<BufferState> lock_;  // until the commit
    bool mapped_ = false;                 // chunks behind the size go
    std::optional<Storage> other_;        // the smaller one; once committed, the old one
    // Once committed: what keeps the device's memory, as another thread may free the buffer, and the capacities.
    std::shared_ptr<DeviceResources> resources_;
    std::size_t before_ = 0;
    std::size_t after_ = 0;
    int device_ = 0;  // for the log
};

}  // namespace triune
