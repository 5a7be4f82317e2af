// SPDX-License-Identifier: Apache-2.0
// Pinned host memory kept for reuse: pinning 12 MB costs 4 ms, a download of it 0.2.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/mutex.hpp>
#include <triune/device/device.hpp>

namespace triune {

// Sizes are rounded to pages, not to powers of two. A request takes the smallest spare piece that fits and is at most a
// quarter larger; so a steady program pins nothing. Thread-safe. Pieces must be released before the pool dies.
class PinnedPool {
  public:
    static constexpr std::size_t page = 4096;

    // Spare pieces beyond `max_spare_bytes` are released, the largest first.
    explicit PinnedPool(Device& device, std::size_t max_spare_bytes = std::size_t{1} << 30);
    PinnedPool(const PinnedPool&) = delete;
    PinnedPool& operator=(const PinnedPool&) = delete;
    ~PinnedPool();

    struct Piece {
        void* data = nullptr;
        std::size_t bytes = 0;  // usable; at least what was asked for
    };
    // Null and 0 for 0 bytes. Where the device refuses, spare pieces are released and it is asked once more. Throws
    // out_of_memory or device_error.
    Piece allocate(std::size_t bytes);
    // No copy that reads or writes the piece may be queued any more.
    void deallocate(Piece piece) noexcept;
    // Releases every spare piece; answers how many bytes.
    std::size_t trim() noexcept;

    // Calls visit(piece, in_use) for each, of one moment, under the lock.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        const std::lock_guard lock(mutex_);
        for (const auto& [data, node] : lent_) visit(Piece{data, node.key()}, true);
        for (const auto& [bytes, data] : spare_) visit(Piece{data, bytes}, false);
    }

    std::size_t spare_bytes() const;
    // How often memory was pinned: constant in a steady program.
    std::size_t pin_count() const;

  private:
    // Releasing waits for the device, so what goes is put here under the lock and released after it.
    using Spare = std::multimap<std::size_t, void*>;

    Piece lend_spare(std::size_t size);
    std::size_t release(Spare& pieces) noexcept;

    friend class ForkGuard;
    void lock_for_fork() noexcept { mutex_.lock(); }
    void unlock_after_fork() noexcept { mutex_.unlock(); }

    Device& device_;
    const std::size_t max_spare_bytes_;
    mutable Mutex mutex_;
    // Nodes move between the two maps and are never made anew on the way back, so that deallocate cannot fail.
    Spare spare_;
    std::unordered_map<void*, Spare::node_type> lent_;
    std::size_t spare_bytes_ = 0;
    std::size_t pin_count_ = 0;
    ForkGuard fork_guard_{ForkGuard::Rank::chunks, *this};
};

}  // namespace triune
