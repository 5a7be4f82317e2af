// A buffer without its type: bytes on a device that grow, with a name, a mutex and a place in the books.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <triune/device/stream_order.hpp>
#include <triune/manage/buffer_description.hpp>
#include <triune/manage/call_mutex.hpp>
#include <triune/manage/download_channel.hpp>
#include <triune/manage/storage.hpp>
#include <triune/manage/submission.hpp>
#include <triune/track/statistics.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

class ManagerCore;
class Growth;

// What every handle points to. Sizes are in bytes here. Thread-safe: one call at a time, so a growth excludes the
// others; size_bytes(), capacity_bytes() and stats() alone wait for none. Every function but description() and freed()
// throws stale_handle once the buffer is freed, and has the strong guarantee.
class BufferState final : public TrackedAllocation {
  public:
    // Holds nothing yet. No name: unnamed; the empty string is a name. Throws std::bad_alloc.
    BufferState(std::shared_ptr<ManagerCore> core, std::optional<std::string> name,
                const BufferDescription& description);
    ~BufferState() override;

    // Shared with other buffers.
    const BufferDescription& description() const noexcept { return static_cast<const SharedDescription&>(origin()); }
    ManagerCore& core() const noexcept { return *core_; }
    bool freed() const noexcept { return freed_.load(std::memory_order_acquire); }
    // Whether a growth is being prepared, maybe by this very thread: a free would wait for it.
    bool growing() const noexcept { return growing_.load(std::memory_order_acquire); }
    // Whether there is memory and nothing in it. False once freed.
    bool unused() const noexcept { return capacity_ > 0 && size_ == 0; }
    // The name, or a stand-in for messages about unnamed memory.
    const std::string& label() const noexcept;

    void* data() const;
    std::size_t size_bytes() const;
    std::size_t capacity_bytes() const;
    BufferStats stats() const;

    // Raises the capacity to at least `bytes` by the growth rule; the size stays. Throws max_size_exceeded,
    // limit_exceeded, out_of_memory, device_error.
    void reserve(std::size_t bytes, StreamOrder order);
    // The same, and the size to at least `bytes`.
    void ensure(std::size_t bytes, StreamOrder order);
    // The capacity becomes just `bytes`, from nothing.
    void allocate_exactly(std::size_t bytes, StreamOrder order);
    // Clamped to the capacity.
    void set_size_bytes(std::size_t bytes);
    // The capacity becomes the size. See Shrinking for what `order` can do.
    void shrink_to_fit(StreamOrder order);

    // --- bytes in and out. Throw invalid_argument outside the size; the `_all` forms, where `bytes` are not the size.
    void upload(std::size_t offset, const void* source, std::size_t bytes, StreamOrder order);
    void upload_all(const void* source, std::size_t bytes, StreamOrder order);
    void download(std::size_t offset, void* destination, std::size_t bytes, StreamOrder order) const;
    void download_all(void* destination, std::size_t bytes, StreamOrder order) const;
    // The size's bytes, as it is at this moment, to where `room(bytes)` says.
    void download_to(const std::function<void*(std::size_t bytes)>& room) const;
    // `count` elements of the description's size, from byte `offset` on, each becomes `*value`.
    void fill(std::size_t offset, const void* value, std::size_t count, StreamOrder order);
    void fill(const void* value, std::size_t count, StreamOrder order) { fill(0, value, count, order); }
    void fill_all(const void* value, StreamOrder order);
    // From a buffer of the same device, perhaps of another manager, perhaps this one: the size's bytes of one of the
    // same size, or `bytes` from `source_offset` on to `offset`. Throws invalid_argument for another device's buffer
    // and for ranges of this very buffer that overlap.
    void copy_from(const BufferState& source, StreamOrder order);
    void copy(std::size_t offset, const BufferState& source, std::size_t source_offset, std::size_t bytes,
              StreamOrder order);

    // --- downloads of this buffer alone
    void start_download(StreamHandle producer, DownloadMode mode);
    Snapshot wait_for_download();
    Snapshot latest_download();
    bool download_pending();
    bool poll_download();
    // Of several as one, by `channel`: of each the size's bytes. They are locked in the order given.
    static void start_download(std::span<BufferState* const> buffers, const std::shared_ptr<DownloadChannel>& channel,
                               StreamHandle producer, const std::string& name, DownloadMode mode);
    // `channel` may be given these bytes to read: calls from now on are held back by its flights.
    void read_by(std::shared_ptr<DownloadChannel> channel);

    // The memory is given back in `order`; handles are stale from now on. Nothing where freed already. By the thread
    // whose growth holds the buffer: the memory follows when that ends.
    void free(StreamOrder order) noexcept;

  private:
    friend class Growth;
    friend class Shrinking;

    BufferState(std::shared_ptr<ManagerCore>& core, std::optional<std::string> name,
                boost::intrusive_ptr<const SharedDescription> description);
    void dispose() noexcept override;
    void require_alive() const;
    // The next capacity for `required` bytes, or throws max_size_exceeded.
    std::size_t grown_capacity(std::size_t required) const;
    DownloadChannel& channel();
    // The two halves of free(): with the buffer locked, and not.
    std::size_t release_memory(StreamOrder order) noexcept;
    void tell_freed(std::size_t bytes) const noexcept;
    // Orders `work` after what may still use the bytes: without a stream named all queued work, in any case the flights
    // under way, whose producers' streams the caller need not think of.
    void order_after_uses(Submission& work) const;
    bool readers_known(StreamOrder order) const noexcept;
    void check_range(std::size_t offset, std::size_t bytes, const char* what) const;
    void check_all(std::size_t bytes, const char* what) const;
    // These run with the buffer locked and the range checked.
    void write_range(std::size_t offset, const void* source, std::size_t bytes, StreamOrder order);
    void read_range(std::size_t offset, void* destination, std::size_t bytes, StreamOrder order) const;
    void fill_range(std::size_t offset, const void* value, std::size_t bytes, StreamOrder order);
    void copy_range(std::size_t offset, const BufferState& source, std::size_t source_offset, std::size_t bytes,
                    StreamOrder order);
    void require_same_device(const BufferState& source) const;

    std::shared_ptr<ManagerCore> core_;  // null once the last owner is gone
    std::atomic<bool> freed_{false};
    std::atomic<bool> growing_{false};
    mutable CallMutex mutex_{label()};
    std::optional<StreamOrder> free_after_growth_;
    Storage storage_;
    std::shared_ptr<DownloadChannel> channel_;  // its own
    std::shared_ptr<DownloadChannel> reader_;   // of the group or graph that it is a member of
};

// What handles hold. The last one that goes takes what is left of the buffer's memory with it.
using BufferReference = boost::intrusive_ptr<BufferState>;

}  // namespace triune
