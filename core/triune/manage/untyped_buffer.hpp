// SPDX-License-Identifier: Apache-2.0
// Buffers of bytes, for callers that know the element size at run time only.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include <triune/manage/buffer_access.hpp>
#include <triune/manage/download_channel.hpp>
#include <triune/manage/download_mode.hpp>

namespace triune {

class GrowthSet;

// As BufferHandle, with elements of BufferConfig::bytes_per_element. Counts are in elements, `_bytes` in bytes.
class UntypedHandle : public BufferAccess {
  public:
    UntypedHandle() noexcept = default;
    explicit UntypedHandle(BufferReference state) noexcept : BufferAccess(std::move(state)) {}

    // Null until something is allocated.
    void* data() const { return raw_data(); }
    std::size_t element_size() const;
    // In whole elements; 0 where an element has no bytes.
    std::size_t size() const;
    std::size_t capacity() const;
    bool empty() const { return size_bytes() == 0; }

    // The capacity becomes at least `count` elements, the size stays.
    void reserve(std::size_t count, CallSite where = CallSite::current()) const;
    void reserve(std::size_t count, StreamHandle stream, CallSite where = CallSite::current()) const;
    // The same, and the size at least `count` elements.
    void ensure_capacity(std::size_t count, CallSite where = CallSite::current()) const;
    void ensure_capacity(std::size_t count, StreamHandle stream, CallSite where = CallSite::current()) const;
    // As a part of `together`, with whose commit() it takes effect: to grow several buffers, all or none.
    void reserve(std::size_t count, GrowthSet& together, CallSite where = CallSite::current()) const;
    // Clamped to the capacity.
    void set_size(std::size_t count, CallSite where = CallSite::current()) const;
    void set_size_bytes(std::size_t bytes) const;

    // Bytes [offset, offset + bytes) of the size, from or to the host.
    void upload_bytes(const void* source, std::size_t bytes, std::size_t offset = 0,
                      CallSite where = CallSite::current()) const;
    void upload_bytes(const void* source, std::size_t bytes, std::size_t offset, StreamHandle stream,
                      CallSite where = CallSite::current()) const;
    void download_bytes(void* destination, std::size_t bytes, std::size_t offset = 0,
                        CallSite where = CallSite::current()) const;
    void download_bytes(void* destination, std::size_t bytes, std::size_t offset, StreamHandle stream,
                        CallSite where = CallSite::current()) const;
    // Every whole element becomes the element_size() bytes at `element`.
    void fill(const void* element, CallSite where = CallSite::current()) const;
    void fill(const void* element, StreamHandle stream, CallSite where = CallSite::current()) const;
    // All bytes of a buffer, typed or not, of the same size; or `bytes` of it from `source_offset` on to `offset`.
    void copy_from(const BufferAccess& source, CallSite where = CallSite::current()) const;
    void copy_from(const BufferAccess& source, StreamHandle stream, CallSite where = CallSite::current()) const;
    void copy_bytes(std::size_t offset, const BufferAccess& source, std::size_t source_offset, std::size_t bytes,
                    CallSite where = CallSite::current()) const;
    void copy_bytes(std::size_t offset, const BufferAccess& source, std::size_t source_offset, std::size_t bytes,
                    StreamHandle stream, CallSite where = CallSite::current()) const;

    void start_async_download(StreamHandle stream, DownloadMode mode = DownloadMode::staged,
                              CallSite where = CallSite::current()) const;
    void start_async_download(DownloadMode mode = DownloadMode::staged, CallSite where = CallSite::current()) const;
    HostView<std::byte> wait_for_download(WaitMode mode = WaitMode::prompt, CallSite where = CallSite::current()) const;
    HostView<std::byte> latest(CallSite where = CallSite::current()) const;

  private:
    std::size_t bytes_of(std::size_t count) const;
};

// Owns its buffer, as Buffer<T> does.
class UntypedBuffer : public UntypedHandle {
  public:
    UntypedBuffer() noexcept = default;
    explicit UntypedBuffer(BufferReference state) noexcept : UntypedHandle(std::move(state)) {}
    UntypedBuffer(UntypedBuffer&& other) noexcept = default;
    UntypedBuffer& operator=(UntypedBuffer&& other) noexcept;
    UntypedBuffer(const UntypedBuffer&) = delete;
    UntypedBuffer& operator=(const UntypedBuffer&) = delete;
    ~UntypedBuffer() { reset(); }

    void reset() noexcept { release_state(StreamOrder::after_all()); }
    void reset(StreamHandle stream) noexcept { release_state(StreamOrder::on(stream)); }
};

}  // namespace triune
