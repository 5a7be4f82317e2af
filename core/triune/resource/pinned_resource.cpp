// SPDX-License-Identifier: Apache-2.0
#include <triune/resource/pinned_resource.hpp>

#include <algorithm>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/detail/alloc/device_memory/event_pool.hpp>
#include <triune/detail/alloc/device_memory/pinned_pool.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/detail/resource/alignment.hpp>
#include <triune/manage/default_manager.hpp>
#include <triune/manage/device_resources.hpp>
#include <triune/resource/bad_allocation.hpp>

namespace triune {
namespace {

// What cudaHostAlloc promises for every address (CUDA C++ Programming Guide, "Device Memory Accesses").
constexpr std::size_t pinned_alignment = 256;

}  // namespace

// What is out, and what queued work may still use.
class PinnedResource::Pieces {
  public:
    explicit Pieces(std::shared_ptr<DeviceResources> resources)
        : resources_(std::move(resources)), events_(resources_->device) {}
    Pieces(const Pieces&) = delete;
    Pieces& operator=(const Pieces&) = delete;
    ~Pieces();

    void* allocate(std::size_t bytes, std::size_t alignment);
    void deallocate(void* address) noexcept;
    std::size_t drawn_bytes() const;

  private:
    struct Piece {
        PinnedPool::Piece memory;
        std::size_t bytes = 0;        // as asked for
        EventHandle freed = nullptr;  // acquired with the memory, so that releasing it needs no new one
        bool ordered = false;         // the event is recorded
    };
    using List = std::list<Piece>;

    // Where a device event may harm a capture, it is recorded when so many bytes wait for it.
    static constexpr std::size_t max_unordered_bytes = std::size_t{64} << 20;

    PinnedPool::Piece acquire(std::size_t bytes);
    void order_pending() noexcept;
    void collect(List& done) noexcept;
    void release(const List& done) noexcept;
    void wait_for_all() noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    const std::shared_ptr<DeviceResources> resources_;
    mutable Mutex mutex_;
    EventPool events_;
    // Pieces move from the one list to the other and are never made anew on the way, so that giving back cannot fail.
    List out_;
    List pending_;  // given back, but queued work may still use them; oldest first
    std::unordered_map<void*, List::iterator> by_address_;
    std::size_t drawn_bytes_ = 0;
    std::size_t unordered_bytes_ = 0;
    ForkGuard fork_guard_{ForkGuard::Rank::manager, *this};
};

PinnedResource::PinnedResource() : PinnedResource(default_manager()) {}

PinnedResource::PinnedResource(GpuMemoryManager& manager)
    : pieces_(std::make_unique<Pieces>(manager.core()->resources)) {}

PinnedResource::~PinnedResource() = default;

void* PinnedResource::do_allocate(std::size_t bytes, std::size_t alignment) {
    check_alignment(alignment);
    return pieces_->allocate(bytes, alignment);
}

void PinnedResource::do_deallocate(void* address, std::size_t, std::size_t) noexcept { pieces_->deallocate(address); }

std::size_t PinnedResource::drawn_bytes() const { return pieces_->drawn_bytes(); }

PinnedResource::Pieces::~Pieces() {
    if (!out_.empty()) {
        try {
            log::warn("a pinned resource goes and gives back " + std::to_string(drawn_bytes_) + " bytes in " +
                      std::to_string(out_.size()) + " pieces that were still out");
        } catch (...) {  // no memory for the text
        }
    }
    pending_.splice(pending_.end(), out_);
    wait_for_all();
    for (const Piece& left : pending_)
        events_.release(left.freed);  // the device failed: its memory serves nobody again
}

void* PinnedResource::Pieces::allocate(std::size_t bytes, std::size_t alignment) {
    List made(1);
    Piece& piece = made.front();
    piece.bytes = bytes;
    const auto undo = [&] {
        resources_->pinned.deallocate(piece.memory);
        const std::lock_guard lock(mutex_);
        if (piece.freed != nullptr) events_.release(piece.freed);
    };
    try {
        List done;
        {
            const std::lock_guard lock(mutex_);
            collect(done);
            piece.freed = events_.acquire();
        }
        release(done);
        // Without the lock: pinning takes milliseconds.
        piece.memory = acquire(padded(std::max<std::size_t>(bytes, 1), alignment, pinned_alignment));
        void* const address = aligned(piece.memory.data, alignment);
        const std::lock_guard lock(mutex_);
        by_address_.emplace(address, made.begin());
        out_.splice(out_.end(), made);
        drawn_bytes_ += bytes;
        return address;
    } catch (const out_of_memory& failure) {
        undo();
        throw bad_allocation(failure);
    } catch (...) {
        undo();
        throw;
    }
}

// Where the host has none left, what waits for the device's work may be what is missing.
PinnedPool::Piece PinnedResource::Pieces::acquire(std::size_t bytes) {
    try {
        return resources_->pinned.allocate(bytes);
    } catch (const out_of_memory&) {
        const std::lock_guard lock(mutex_);
        if (pending_.empty()) throw;
    }
    wait_for_all();
    return resources_->pinned.allocate(bytes);
}

// The piece waits for the work queued by now.
void PinnedResource::Pieces::deallocate(void* address) noexcept {
    std::unique_lock lock(mutex_);
    const auto found = by_address_.find(address);
    if (found == by_address_.end()) {
        lock.unlock();
        return report_teardown(Status{cuda_error::invalid_value, "deallocate"},
                               "giving back pinned memory that is not out on this resource");
    }
    const auto piece = found->second;
    by_address_.erase(found);
    drawn_bytes_ -= piece->bytes;
    unordered_bytes_ += piece->memory.bytes;
    pending_.splice(pending_.end(), out_, piece);
    if (!resources_->device.properties().device_events) {  // nothing else tells when it is ready
        lock.unlock();
        return wait_for_all();
    }
    order_pending();
    List done;
    collect(done);
    lock.unlock();
    release(done);
}

// See Note [Freed without a stream].
void PinnedResource::Pieces::order_pending() noexcept {
    Device& device = resources_->device;
    if (unordered_bytes_ == 0 || !device.properties().device_events) return;
    if (device.properties().unseen_captures && unordered_bytes_ <= max_unordered_bytes) return;
    for (auto piece = pending_.rbegin(); piece != pending_.rend() && !piece->ordered; ++piece) {
        if (!device.event_record_device(piece->freed).ok()) return;
        piece->ordered = true;
        unordered_bytes_ -= piece->memory.bytes;
    }
}

// What is ordered later captures all that an earlier event does, so they complete in order. The pool of pinned memory
// may release some, which waits: that comes after the lock.
void PinnedResource::Pieces::collect(List& done) noexcept {
    while (!pending_.empty() && pending_.front().ordered) {
        bool complete = false;
        const Status asked = resources_->device.event_query(pending_.front().freed, complete);
        report_teardown(asked, "asking whether pinned memory is ready");
        if (!asked.ok() || !complete) return;
        events_.release(pending_.front().freed);
        done.splice(done.end(), pending_, pending_.begin());
    }
}

void PinnedResource::Pieces::release(const List& done) noexcept {
    for (const Piece& piece : done) resources_->pinned.deallocate(piece.memory);
}

// Without the lock; what comes meanwhile waits on.
void PinnedResource::Pieces::wait_for_all() noexcept {
    List waited_for;
    {
        const std::lock_guard lock(mutex_);
        waited_for.swap(pending_);
    }
    if (waited_for.empty()) return;
    const Status waited = resources_->device.synchronize();
    report_teardown(waited, "waiting for pinned memory that was given back");
    {
        const std::lock_guard lock(mutex_);
        if (!waited.ok()) return pending_.splice(pending_.begin(), waited_for);
        for (const Piece& piece : waited_for) {
            if (!piece.ordered) unordered_bytes_ -= piece.memory.bytes;
            events_.release(piece.freed);
        }
    }
    release(waited_for);
}

std::size_t PinnedResource::Pieces::drawn_bytes() const {
    const std::lock_guard lock(mutex_);
    return drawn_bytes_;
}

}  // namespace triune
