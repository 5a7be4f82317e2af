// SPDX-License-Identifier: Apache-2.0
// What handles to typed and untyped buffers have in common.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstddef>
#include <string>
#include <utility>

#include <triune/base/call_site.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/device/stream_order.hpp>
#include <triune/manage/device_element.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

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

    // The capacity becomes the size. The contents of a buffer in the pool move to a smaller block, in the stream's
    // order; one with addresses of its own gives whole chunks back, which waits for all queued work in both forms.
    // Throws out_of_memory where there is no room for the smaller block.
    void shrink_to_fit(CallSite where = CallSite::current()) const;
    void shrink_to_fit(StreamHandle stream, CallSite where = CallSite::current()) const;

    // Whether a download is on its way, and whether wait_for_download() would return at once.
    bool download_pending() const;
    bool poll_download(CallSite where = CallSite::current()) const;

    // The buffer itself, for what is built on buffers: groups, graphs. Throws invalid_argument on a handle to none.
    BufferState& state() const;

  protected:
    BufferAccess() noexcept = default;
    explicit BufferAccess(BufferReference state) noexcept : state_(std::move(state)) {}

    void* raw_data() const;
    const std::string& label() const noexcept;
    void release_state(StreamOrder order) noexcept;

  private:
    BufferReference state_;
};

}  // namespace triune
