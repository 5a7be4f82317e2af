// What handles to typed and untyped buffers have in common.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <triune/device/stream_order.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

class BufferState;

// See BufferHandle for the rules.
class BufferAccess {
  public:
    std::size_t size_bytes() const;
    std::size_t capacity_bytes() const;
    // The empty string where there is no name.
    const std::string& name() const noexcept;
    BufferStats stats() const;
    bool is_allocated() const { return capacity_bytes() != 0; }
    // Whether the handle refers to a buffer that is still there.
    bool valid() const noexcept;

    // The capacity becomes the size. Without virtual memory, and below the mapping threshold, the contents move.
    void shrink_to_fit() const;

  protected:
    BufferAccess() noexcept = default;
    explicit BufferAccess(std::shared_ptr<BufferState> state) noexcept : state_(std::move(state)) {}

    void* raw_data() const;
    // Throws invalid_argument on a handle to no buffer.
    BufferState& state() const;
    const char* label() const noexcept;
    void release_state(StreamOrder order) noexcept;

  private:
    friend class Growth;
    std::shared_ptr<BufferState> state_;
};

}  // namespace triune
