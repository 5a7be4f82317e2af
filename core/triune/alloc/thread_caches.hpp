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

// Note [Copies of the core]
// A process may hold several copies of the core: two plugins, each with the static library in it. They must not take one
// another's state for their own. What is loaded privately (RTLD_LOCAL) shares nothing but GNU's unique symbols, which the
// compiler makes of statics in inline functions; so the core is compiled without them, and what a thread keeps for pools
// is in no such static. What is loaded globally shares all functions and all variables, and so is one copy. In between,
// where a linker hides one part and not the other, a thread finds pools by numbers that no copy gives twice.
namespace detail {

struct OwnedCache {
    std::uint64_t owner = 0;
    ThreadCache* cache = nullptr;
};

// What a thread looks at first, by the last bits of a pool's number. Without constructor and destructor, so that it
// costs one access and is there for as long as the thread is. No TLS model is asked for: in a program the linker makes
// it one access of a fixed place, and a library that is loaded later needs none of the few static bytes that all loaded
// libraries share.
extern constinit thread_local std::array<OwnedCache, 4> recent_caches;

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
    const std::uint64_t id_;  // no other has or had it, in no other copy of the core either
    mutable Mutex mutex_;
    std::vector<Entry> all_;
};

}  // namespace triune
