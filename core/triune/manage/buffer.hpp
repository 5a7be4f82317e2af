// SPDX-License-Identifier: Apache-2.0
// Named typed buffers: the light handle and the owner.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <source_location>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/detail/manage/buffer_contents.hpp>
#include <triune/detail/manage/buffer_downloads.hpp>
#include <triune/detail/manage/buffer_state.hpp>
#include <triune/detail/manage/element_bytes.hpp>
#include <triune/manage/buffer_access.hpp>
#include <triune/manage/device_element.hpp>
#include <triune/manage/download_mode.hpp>

namespace triune {

// A light, copyable reference to a buffer that somebody else owns: the manager that allocated it, or a Buffer<T>. Like
// a pointer, it is const where its target is not. Thread-safe; a handle object itself is for one thread at a time.
//
// Calls without a stream have finished when they return and run after all work queued on the device by then; calls with
// one are queued there and return at once. Host memory given to those must stay until the stream has run. Two streams
// that use one buffer are ordered by the caller, as in CUDA, except after downloads, which are waited for. Null is the
// default stream; one that the device does not know throws invalid_argument, as far as the device can tell.
// Every function throws stale_handle once the buffer is freed, and invalid_argument on a handle to no buffer, but for
// size(), size_bytes(), capacity(), capacity_bytes(), empty() and data(), which then answer 0 or null. What throws has
// changed nothing, but that a device which fails half-way through a transfer may leave its target partly written.
// Counts are in elements.
template <DeviceElement T>
class BufferHandle : public BufferAccess {
  public:
    using value_type = T;

    BufferHandle() noexcept = default;
    explicit BufferHandle(BufferReference state) noexcept : BufferAccess(std::move(state)) {}

    T* data() const { return static_cast<T*>(raw_data()); }
    std::size_t size() const { return size_bytes() / sizeof(T); }
    std::size_t capacity() const { return capacity_bytes() / sizeof(T); }
    bool empty() const { return size() == 0; }

    // Raises the capacity to at least `count` by BufferConfig's growth rule, contents preserved, new elements zero; the
    // size stays. Throws max_size_exceeded, limit_exceeded, out_of_memory.
    void reserve(std::size_t count, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { state().reserve(bytes_of(count), StreamOrder::after_all()); });
    }
    void reserve(std::size_t count, StreamHandle stream, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { state().reserve(bytes_of(count), StreamOrder::on(stream)); });
    }
    // The same, and raises the size to at least `count`.
    void ensure_capacity(std::size_t count, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { state().ensure(bytes_of(count), StreamOrder::after_all()); });
    }
    void ensure_capacity(std::size_t count, StreamHandle stream, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { state().ensure(bytes_of(count), StreamOrder::on(stream)); });
    }
    // Moves the size within the capacity; more is clamped to it. The memory is not touched: elements that a smaller
    // size hides are there again when it grows.
    void set_size(std::size_t count, CallSite where = CallSite::current()) const {
        detail::at(where, [&] {
            const std::size_t whole = capacity() * sizeof(T);
            std::size_t bytes = whole;
            static_cast<void>(multiply(count, sizeof(T), bytes));
            state().set_size_bytes(bytes < whole ? bytes : whole);
        });
    }

    // `values` must be as long as the buffer, else invalid_argument; the `_at` forms move a part of it.
    void upload(std::span<const T> values, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { upload(values, StreamOrder::after_all()); });
    }
    void upload(std::span<const T> values, StreamHandle stream, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { upload(values, StreamOrder::on(stream)); });
    }
    void upload_at(std::size_t first, std::span<const T> values, CallSite where = CallSite::current()) const {
        detail::at(where, [&] {
            BufferContents::upload(state(), bytes_of(first), values.data(), values.size_bytes(),
                                   StreamOrder::after_all());
        });
    }
    void upload_at(std::size_t first, std::span<const T> values, StreamHandle stream,
                   CallSite where = CallSite::current()) const {
        detail::at(where, [&] {
            BufferContents::upload(state(), bytes_of(first), values.data(), values.size_bytes(),
                                   StreamOrder::on(stream));
        });
    }
    void download(std::span<T> values, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { download(values, StreamOrder::after_all()); });
    }
    void download(std::span<T> values, StreamHandle stream, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { download(values, StreamOrder::on(stream)); });
    }
    void download_at(std::size_t first, std::span<T> values, CallSite where = CallSite::current()) const {
        detail::at(where, [&] {
            BufferContents::download(state(), bytes_of(first), values.data(), values.size_bytes(),
                                     StreamOrder::after_all());
        });
    }
    void download_at(std::size_t first, std::span<T> values, StreamHandle stream,
                     CallSite where = CallSite::current()) const {
        detail::at(where, [&] {
            BufferContents::download(state(), bytes_of(first), values.data(), values.size_bytes(),
                                     StreamOrder::on(stream));
        });
    }
    std::vector<T> download(CallSite where = CallSite::current()) const {
        return detail::at(where, [&] {
            std::vector<T> values;
            BufferContents::download_to(state(), [&](std::size_t bytes) {
                values.resize(bytes / sizeof(T));
                return values.data();
            });
            return values;
        });
    }
    // All elements, or `count` from `first` on.
    void fill(const T& value, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { BufferContents::fill_all(state(), &value, StreamOrder::after_all()); });
    }
    void fill(const T& value, StreamHandle stream, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { BufferContents::fill_all(state(), &value, StreamOrder::on(stream)); });
    }
    void fill_at(std::size_t first, std::size_t count, const T& value, CallSite where = CallSite::current()) const {
        detail::at(where,
                   [&] { BufferContents::fill(state(), bytes_of(first), &value, count, StreamOrder::after_all()); });
    }
    void fill_at(std::size_t first, std::size_t count, const T& value, StreamHandle stream,
                 CallSite where = CallSite::current()) const {
        detail::at(where,
                   [&] { BufferContents::fill(state(), bytes_of(first), &value, count, StreamOrder::on(stream)); });
    }
    // All of a buffer of the same size, or `count` elements of it from `source_first` on to `first`. It may be another
    // manager's, not another device's, and this very one where the ranges do not overlap; else invalid_argument.
    void copy_from(const BufferHandle& source, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { BufferContents::copy_all(state(), source.state(), StreamOrder::after_all()); });
    }
    void copy_from(const BufferHandle& source, StreamHandle stream, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { BufferContents::copy_all(state(), source.state(), StreamOrder::on(stream)); });
    }
    void copy_at(std::size_t first, const BufferHandle& source, std::size_t source_first, std::size_t count,
                 CallSite where = CallSite::current()) const {
        detail::at(where, [&] {
            BufferContents::copy(state(), bytes_of(first), source.state(), bytes_of(source_first), bytes_of(count),
                                 StreamOrder::after_all());
        });
    }
    void copy_at(std::size_t first, const BufferHandle& source, std::size_t source_first, std::size_t count,
                 StreamHandle stream, CallSite where = CallSite::current()) const {
        detail::at(where, [&] {
            BufferContents::copy(state(), bytes_of(first), source.state(), bytes_of(source_first), bytes_of(count),
                                 StreamOrder::on(stream));
        });
    }

    // Starts a download of size() elements as they stand after what is queued on `stream`; never blocks. Throws
    // async_not_enabled, download_in_flight, out_of_memory.
    void start_async_download(StreamHandle stream, DownloadMode mode = DownloadMode::staged,
                              CallSite where = CallSite::current()) const {
        detail::at(where, [&] { BufferDownloads::start(state(), StreamOrder::on(stream), mode); });
    }
    // The same after all work queued on the device by now; never blocks either. What is queued later may overtake it on
    // streams that do not wait for the default stream (cudaStreamNonBlocking), unless it goes through the library.
    // While a stream captures a graph the device refuses, with device_error, and so do CUDA drivers before 12.5, which
    // cannot mark all work: name the stream then.
    void start_async_download(DownloadMode mode = DownloadMode::staged, CallSite where = CallSite::current()) const {
        detail::at(where, [&] { BufferDownloads::start(state(), StreamOrder::after_all(), mode); });
    }
    // The download started last, waited for. Throws no_pending_download. The view is of pinned memory and valid until
    // the second-next start; while it is held, such a start throws.
    HostView<T> wait_for_download(WaitMode mode = WaitMode::prompt, CallSite where = CallSite::current()) const {
        return detail::at(where, [&] { return BufferDownloads::wait(state(), mode).template view<T>(0); });
    }
    // The newest complete one, without waiting; an empty view before the first.
    HostView<T> latest(CallSite where = CallSite::current()) const {
        return detail::at(where, [&] { return BufferDownloads::latest(state()).template view<T>(0); });
    }

  private:
    std::size_t bytes_of(std::size_t count) const { return detail::element_bytes(label(), count, sizeof(T)); }
    void upload(std::span<const T> values, StreamOrder order) const {
        BufferContents::upload_all(state(), values.data(), values.size_bytes(), order);
    }
    void download(std::span<T> values, StreamOrder order) const {
        BufferContents::download_all(state(), values.data(), values.size_bytes(), order);
    }
};

// Owns its buffer: move-only, frees at the end of its scope, after all work queued on the device by then. Converts to a
// handle that does not own.
template <DeviceElement T>
class Buffer : public BufferHandle<T> {
  public:
    Buffer() noexcept = default;
    explicit Buffer(BufferReference state) noexcept : BufferHandle<T>(std::move(state)) {}
    Buffer(Buffer&& other) noexcept = default;
    Buffer& operator=(Buffer&& other) noexcept {
        if (this != &other) {
            reset();
            BufferHandle<T>::operator=(std::move(other));
        }
        return *this;
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { reset(); }

    // Unnamed memory of the default manager. Throw limit_exceeded, out_of_memory.
    static Buffer zeroed(std::size_t count, std::source_location where = std::source_location::current());
    static Buffer filled(std::size_t count, const T& value,
                         std::source_location where = std::source_location::current());
    static Buffer from_host(std::span<const T> values, std::source_location where = std::source_location::current());

    // Frees now. With a stream: its memory may be reused there at once.
    void reset() noexcept { this->release_state(StreamOrder::after_all()); }
    void reset(StreamHandle stream) noexcept { this->release_state(StreamOrder::on(stream)); }
};

}  // namespace triune
