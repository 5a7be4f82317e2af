// SPDX-License-Identifier: Apache-2.0
// A shrinking to the size that is prepared but not yet in effect.
#pragma once

#include <mutex>
#include <optional>

#include <triune/manage/buffer_state.hpp>

namespace triune {

// The opposite of Growth, in the same two steps: preparing does all that can fail, committing cannot fail, so that a
// group shrinks all or none. The buffer is locked meanwhile.
//
// A pooled buffer moves to a smaller block, in the given order. A mapped one keeps its address and gives back whole
// chunks; no stream orders that, so preparing waits for all queued work, whatever the order says. An empty one gives
// its memory back in the given order.
class Shrinking {
  public:
    // Throws stale_handle, out_of_memory, device_error. `core`, where given, becomes the buffer's, also where it throws
    // out_of_memory.
    Shrinking(BufferState& buffer, StreamOrder order, std::shared_ptr<ManagerCore>* core = nullptr);
    Shrinking(Shrinking&& other) noexcept;
    Shrinking& operator=(Shrinking&&) = delete;
    ~Shrinking();

    void commit() noexcept;

  private:
    BufferReference buffer_;
    StreamOrder order_;
    std::unique_lock<BufferState> lock_;
    bool mapped_ = false;             // chunks behind the size go
    std::optional<Storage> smaller_;  // takes the storage's place
};

}  // namespace triune
