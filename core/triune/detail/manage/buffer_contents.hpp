// SPDX-License-Identifier: Apache-2.0
// The calls that move a buffer's bytes: from and to the host, and on the device.
#pragma once

#include <cstddef>
#include <functional>

#include <triune/device/stream_order.hpp>

namespace triune {

class BufferState;

// Thread-safe: each call locks its buffers. Throw stale_handle once one is freed, and invalid_argument outside its
// size; the `_all` forms, where `bytes` are not the size. What throws has changed nothing, but for a device that fails
// half-way.
class BufferContents {
  public:
    static void upload(BufferState& buffer, std::size_t offset, const void* source, std::size_t bytes,
                       StreamOrder order);
    static void upload_all(BufferState& buffer, const void* source, std::size_t bytes, StreamOrder order);
    static void download(const BufferState& buffer, std::size_t offset, void* destination, std::size_t bytes,
                         StreamOrder order);
    static void download_all(const BufferState& buffer, void* destination, std::size_t bytes, StreamOrder order);
    // The size's bytes, as it is at this moment, to where `room(bytes)` says.
    static void download_to(const BufferState& buffer, const std::function<void*(std::size_t bytes)>& room);
    // `count` elements of the description's size, from byte `offset` on, each becomes `*value`.
    static void fill(BufferState& buffer, std::size_t offset, const void* value, std::size_t count, StreamOrder order);
    static void fill_all(BufferState& buffer, const void* value, StreamOrder order);
    // From a buffer of the same device, perhaps of another manager, perhaps this one: the size's bytes of one of the
    // same size, or `bytes` from `source_offset` on to `offset`. Throws invalid_argument for another device's buffer
    // and for ranges of one buffer that overlap.
    static void copy_all(BufferState& buffer, const BufferState& source, StreamOrder order);
    static void copy(BufferState& buffer, std::size_t offset, const BufferState& source, std::size_t source_offset,
                     std::size_t bytes, StreamOrder order);

  private:
    static void check_range(const BufferState& buffer, std::size_t offset, std::size_t bytes, const char* what);
    static void check_all(const BufferState& buffer, std::size_t bytes, const char* what);
    static void require_same_device(const BufferState& buffer, const BufferState& source);
    // These run with the buffers locked and the ranges checked.
    static void write_range(BufferState& buffer, std::size_t offset, const void* source, std::size_t bytes,
                            StreamOrder order);
    static void read_range(const BufferState& buffer, std::size_t offset, void* destination, std::size_t bytes,
                           StreamOrder order);
    static void fill_range(BufferState& buffer, std::size_t offset, const void* value, std::size_t bytes,
                           StreamOrder order);
    static void copy_range(BufferState& buffer, std::size_t offset, const BufferState& source,
                           std::size_t source_offset, std::size_t bytes, StreamOrder order);
};

}  // namespace triune
