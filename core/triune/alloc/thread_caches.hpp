// SPDX-License-Identifier: Apache-2.0
// The caches of all threads that use one pool.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <triune/alloc/thread_cache.hpp>
#include <triune/base/mutex.hpp>

namespace triune {

namespace detail {

struct OwnedCache {
    std::uint64_t owner = 0;
    ThreadCache* cache = nullptr;
};

// What a thread looks at first, by the last bits of a pool's number. Without constructor and destructor, so that it
// costs one access and is there for as long as the thread is; the initial-exec model spares a call, and the few bytes
// fit what loaded libraries are left.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local std::array<OwnedCache, 4> recent_caches;

}  // namespace detail

// Thread-safe. A thread that ends leaves its cache, blocks and all, to the next thread that comes; it makes no call to
// the device, since it may end after main.
class ThreadCaches {
  public:
    // Each keeps so many bytes at most.
    explicit ThreadCaches(std::size_t most_bytes_each);
    ThreadCaches(const ThreadCaches&) = delete;
    ThreadCaches& operator=(const ThreadCaches&) = delete;
    ~ThreadCaches();

    // The calling thread's; null where there is no memory for one, or the thread is past its end.
    ThreadCache* own() noexcept {
        const detail::OwnedCache& recent = detail::recent_caches[id_ % detail::recent_caches.size()];
        return recent.owner == id_ ? recent.cache : find_own();
    }

    // One after the other, from 0 on, and null behind the last. A cache lives as long as this does.
    ThreadCache* at(std::size_t index) const noexcept {
        const std::lock_guard lock(mutex_);
        return index < all_.size() ? all_[index].cache.get() : nullptr;
    }

    // See ForkGuard.
    void lock_for_fork() noexcept;
    void unlock_after_fork() noexcept;

  private:
    friend class ThreadEnd;

    struct Entry {
        std::unique_ptr<ThreadCache> cache;
        bool owned = false;
    };

    ThreadCache* find_own() noexcept;
    ThreadCache* adopt() noexcept;
    void leave(const ThreadCache* cache) noexcept;

    const std::size_t most_bytes_each_;
    const std::uint64_t id_;  // no other has or had it
    mutable Mutex mutex_;
    std::vector<Entry> all_;
};

}  // namespace triune
