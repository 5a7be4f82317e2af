// A buffer without its type: bytes on a device that grow, with a name, a mutex and a place in the books.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <typeinfo>

#include <triune/device/stream_order.hpp>
#include <triune/manage/buffer_config.hpp>
#include <triune/manage/download_channel.hpp>
#include <triune/manage/storage.hpp>
#include <triune/manage/submission.hpp>
#include <triune/track/registry.hpp>
#include <triune/track/statistics.hpp>

namespace triune {

class ManagerCore;
class Growth;

struct BufferDescription {
    std::optional<std::string> name;
    OwnerKind kind = OwnerKind::typed;
    const std::type_info* type = nullptr;  // null: untyped
    std::size_t element_size = 1;
    BufferConfig config;
    bool refusable = true;  // false: counted, never refused by the limit
    std::source_location where;
};

// What every handle points to. Sizes are in bytes here. Thread-safe: one call at a time, so a growth excludes the
// others; size_bytes(), capacity_bytes() and stats() alone wait for none. Every function but description() and freed()
// throws stale_handle once the buffer is freed, and has the strong guarantee.
class BufferState : public std::enable_shared_from_this<BufferState> {
  public:
    BufferState(std::shared_ptr<ManagerCore> core, BufferDescription description);
    BufferState(const BufferState&) = delete;
    BufferState& operator=(const BufferState&) = delete;
    ~BufferState();

    // Enters the manager's list of live buffers; once, right after construction, because a weak pointer to a buffer
    // under construction cannot be had.
    void enter_books();

    const BufferDescription& description() const noexcept { return description_; }
    ManagerCore& core() const noexcept { return *core_; }
    bool freed() const noexcept { return freed_.load(std::memory_order_acquire); }
    // Whether a growth is being prepared, maybe by this very thread: a free would wait for it.
    bool growing() const noexcept { return growing_.load(std::memory_order_acquire); }
    // The name, or a stand-in for messages about unnamed memory.
    const char* label() const noexcept { return description_.name ? description_.name->c_str() : "(unnamed)"; }

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
    // The capacity becomes the size where that can be had by giving memory back.
    void shrink_to_fit(StreamOrder order);

    // Between `bytes` of the buffer from `offset` on and the host. Throws invalid_argument outside the size.
    void upload(std::size_t offset, const void* source, std::size_t bytes, StreamOrder order);
    void download(std::size_t offset, void* destination, std::size_t bytes, StreamOrder order) const;
    // `count` elements of the description's size, from the first on, each becomes `*value`.
    void fill(const void* value, std::size_t count, StreamOrder order);
    // The size's bytes from another buffer of the same size, perhaps of another manager.
    void copy_from(const BufferState& source, StreamOrder order);

    void start_download(StreamHandle producer, DownloadMode mode);
    Snapshot wait_for_download();
    Snapshot latest_download();
    bool download_pending();

    // The memory is given back in `order`; handles are stale from now on. Nothing where freed already.
    void free(StreamOrder order) noexcept;

  private:
    friend class Growth;

    void require_alive() const;
    void touch() const noexcept;
    // The next capacity for `required` bytes, or throws max_size_exceeded.
    std::size_t grown_capacity(std::size_t required) const;
    DownloadChannel& channel();
    // Orders `work` after what may still use the bytes: without a stream named all queued work, in any case the flights
    // under way, whose producers' streams the caller need not think of.
    void order_after_uses(Submission& work) const;
    bool readers_known(StreamOrder order) const noexcept;
    void check_range(std::size_t offset, std::size_t bytes, const char* what) const;

    const std::shared_ptr<ManagerCore> core_;
    const BufferDescription description_;
    std::uint64_t record_ = 0;
    std::atomic<bool> freed_{false};
    std::atomic<bool> growing_{false};
    mutable std::mutex mutex_;
    Storage storage_;
    // Written under the mutex only.
    std::atomic<std::size_t> capacity_{0};  // as asked for; the storage may have more
    std::atomic<std::size_t> size_{0};
    std::unique_ptr<DownloadChannel> channel_;
    const std::chrono::steady_clock::time_point created_ = std::chrono::steady_clock::now();
    mutable std::atomic<std::chrono::steady_clock::time_point> last_access_{created_};
};

}  // namespace triune
