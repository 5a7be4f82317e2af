// SPDX-License-Identifier: Apache-2.0
// Growths that take effect together, or not at all.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>

#include <triune/detail/manage/growth.hpp>
#include <triune/detail/manage/submission.hpp>
#include <triune/manage/buffer_access.hpp>

namespace triune {

// Prepares the growth of one buffer after the other, see Note [Growth in two steps]. The work of all is queued on one
// stream and, where the caller named none, waited for once; new elements that adjoin in memory, as those of small
// buffers mostly do, are zeroed by one call. Dropped without commit(), every buffer is as it was; only elements past
// those in use may have been overwritten.
class GrowthSet {
  public:
    // Room for `expected` buffers. What lacks is noted in `shortage`: see Shortage::retry.
    GrowthSet(DeviceResources& resources, StreamOrder order, std::size_t expected, Shortage& shortage,
              std::string_view label = {});

    // The capacity that the growth rule gives for `required_bytes`; the size becomes at least `size_bytes`. Throws like
    // Growth.
    void require(BufferState& buffer, std::size_t required_bytes, std::size_t size_bytes = 0);
    void require(const BufferAccess& buffer, std::size_t required_bytes, std::size_t size_bytes = 0) {
        require(buffer.state(), required_bytes, size_bytes);
    }
    // At least `capacity_bytes`, all of which are the size. Elements of 4 bytes from byte `from` to byte `to` become
    // `value`, bit for bit; what is new is among them.
    void require_filled(BufferState& buffer, std::size_t capacity_bytes, std::size_t from, std::size_t to,
                        std::uint32_t value);
    void require_filled(const BufferAccess& buffer, std::size_t capacity_bytes, std::size_t from, std::size_t to,
                        std::uint32_t value) {
        require_filled(buffer.state(), capacity_bytes, from, to, value);
    }
    // Writes the new elements. Throws device_error.
    void finish();
    // All are unlocked before the first old memory is given back and the log is told.
    void commit() noexcept;

  private:
    struct Step {
        Growth growth;
        std::size_t size_bytes;
    };
    // Bytes [begin, end) are to be zero; up to `room_end` nobody uses what follows.
    struct Zeroes {
        std::byte* begin;
        std::byte* end;
        std::byte* room_end;
        const void* allocation;
    };
    struct Fill {
        std::byte* begin;
        std::size_t count;
        std::uint32_t value;
    };

    void zero_later(const Growth& growth, std::size_t from, std::size_t to);

    StreamOrder order_;
    Shortage& shortage_;
    // As many as a graph has arrays.
    boost::container::small_vector<Step, 16> steps_;
    boost::container::small_vector<Zeroes, 16> zeroes_;
    boost::container::small_vector<Fill, 2> fills_;
    Submission work_;  // behind the steps: goes first, and waits for what was queued before they are undone
};

}  // namespace triune
