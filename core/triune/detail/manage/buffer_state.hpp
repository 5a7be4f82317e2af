// SPDX-License-Identifier: Apache-2.0
// A buffer without its type: bytes on a device that grow, with a name, a mutex and an entry in the registry.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <triune/detail/manage/buffer_description.hpp>
#include <triune/detail/manage/buffer_readers.hpp>
#include <triune/detail/manage/call_mutex.hpp>
#include <triune/detail/manage/storage.hpp>
#include <triune/device/stream_order.hpp>
#include <triune/track/statistics.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

class Growth;
class ManagerCore;
struct NameKey;
class Submission;

// What every handle points to: its identity, lock, life and memory. What moves its bytes is BufferContents, and what
// downloads them meanwhile is BufferDownloads. Sizes are in bytes here. Thread-safe: one call at a time, so a growth
// excludes the others; size_bytes(), capacity_bytes() and stats() alone wait for none. Every function but description()
// and freed() throws stale_handle once the buffer is freed, and has the strong guarantee.
//
// The manager's core stays as long as the buffer is in its registry, and is not touched after that.
class BufferState final : public TrackedAllocation {
  public:
    // In the registry, and holds nothing yet; without an owner. No name: unnamed; the empty string is a name. Throws
    // std::bad_alloc.
    BufferState(const std::shared_ptr<ManagerCore>& core, std::optional<std::string_view> name,
                const BufferDescription& description);
    ~BufferState() override;
    // With just `bytes`, for which it is in the registry from the first moment on. Throws as a growth does.
    static boost::intrusive_ptr<BufferState> make(ManagerCore& core, std::optional<std::string_view> name,
                                                  const BufferDescription& description, std::size_t bytes,
                                                  StreamOrder order);
    // The same, found under its name; null where that is taken.
    static boost::intrusive_ptr<BufferState> make_found(ManagerCore& core, const NameKey& name,
                                                        const BufferDescription& description, std::size_t bytes,
                                                        StreamOrder order);

    // Shared with other buffers.
    const SharedDescription& description() const noexcept { return static_cast<const SharedDescription&>(origin()); }
    ManagerCore& core() const noexcept { return *core_; }
    bool freed() const noexcept { return (life_.load(std::memory_order_acquire) & is_freed) != 0; }
    // Whether there is memory and nothing in it, for now. False once freed.
    bool unused() const noexcept { return capacity_ > 0 && size_ == 0; }
    const void* address() const noexcept override { return address_.load(std::memory_order_relaxed); }
    // The name, or a stand-in for messages about unnamed memory.
    const std::string& label() const noexcept { return has_name() ? name() : unnamed_label(); }

    // Held for one call, as CallMutex; throw invalid_argument to the thread that has it.
    void lock() const {
        calls_.lock([this]() -> const std::string& { return label(); });
    }
    bool try_lock() const {
        return calls_.try_lock([this]() -> const std::string& { return label(); });
    }
    void unlock() const noexcept {
        if ((life_.load(std::memory_order_relaxed) & is_freed_at_unlock) != 0) return release_and_unlock();
        calls_.unlock();
    }

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

    // The memory is given back in `order`; handles are stale from now on. Nothing where freed already. By the thread
    // that has a call on the buffer under way, from a log sink, say: the memory follows when that call ends, after all
    // work queued by then.
    void free(StreamOrder order) noexcept;
    // Frees it, its name too, where it is unused and no call is on it just now: false where it stays. For who is an
    // owner.
    bool free_if_unused(StreamOrder order) noexcept;

  private:
    friend class BufferContents;
    friend class BufferDownloads;
    friend class Growth;
    friend class Shrinking;

    // Not in the registry.
    BufferState(ManagerCore& core, std::optional<std::string_view> name, const SharedDescription& description);
    // The first memory of a buffer that nobody knows of yet, zeroed where the config says so; the size is all of it.
    void acquire_first(std::size_t bytes, StreamOrder order);
    void try_first(std::size_t bytes, StreamOrder order);
    static const std::string& unnamed_label() noexcept;
    void dispose() noexcept override;
    void require_alive() const;
    // The next capacity for `required` bytes, or throws max_size_exceeded.
    std::size_t grown_capacity(std::size_t required) const;
    static boost::intrusive_ptr<BufferState> not_listed_yet(ManagerCore& core, std::optional<std::string_view> name,
                                                            const BufferDescription& description);
    // What free() does where there are no calls to exclude, and where there may be. What was there, or `not_freed`
    // bytes where another thread was first.
    struct Freed {
        std::size_t bytes;
        int device;  // for the log
    };
    static constexpr std::size_t not_freed = std::numeric_limits<std::size_t>::max();
    Freed free_alone(StreamOrder order) noexcept;
    Freed free_excluding_calls(StreamOrder order) noexcept;
    // The two halves of free(): with the buffer locked, and not. The first lets go of the core.
    Freed release_memory(StreamOrder order) noexcept;
    void tell_freed(Freed was_there, StreamOrder order) const noexcept;
    void release_and_unlock() const noexcept;
    // Orders `work` after what may still use the bytes: without a stream named all queued work, in any case the
    // downloads under way, whose producers' streams the caller need not think of.
    void order_after_uses(Submission& work) const;
    bool readers_known(StreamOrder order) const noexcept;
    template <typename Enter>
    bool enter_and_tell(StreamOrder order, Enter&& enter);
    void note_address() noexcept { address_.store(storage_.data(), std::memory_order_relaxed); }
    void set_life(std::uint8_t bit, bool on) noexcept {
        const std::uint8_t before = life_.load(std::memory_order_relaxed);
        life_.store(static_cast<std::uint8_t>(on ? before | bit : before & ~bit), std::memory_order_release);
    }

    static constexpr std::uint8_t is_freed = 1;
    static constexpr std::uint8_t is_freed_at_unlock = 2;  // by the thread that has the lock

    // Narrow members first, behind the narrow ones of the base.
    std::atomic<std::uint8_t> life_{0};  // written by who has the lock, read by all
    mutable CallLock calls_;
    ManagerCore* const core_;
    Storage storage_;
    std::atomic<const void*> address_{nullptr};  // of the storage, for readers without the lock
    BufferReaders readers_;
};

// What handles hold. The last one that goes takes what is left of the buffer's memory with it.
using BufferReference = boost::intrusive_ptr<BufferState>;

}  // namespace triune
