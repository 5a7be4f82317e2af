// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/thread_caches.hpp>

#include <dlfcn.h>
#include <link.h>
#include <sys/random.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <new>
#include <unordered_map>

#include <triune/base/fork_guard.hpp>

namespace triune {

namespace detail {

constinit thread_local std::array<OwnedCache, 4> recent_caches{};

}  // namespace detail

namespace {

using Owned = detail::OwnedCache;

constinit thread_local bool ended = false;

// Where a copy of the core begins to number its pools. A process may hold several copies: two plugins, each with the
// static library in it. Drawn by chance, so that their numbers do not meet even where the linker has merged a symbol.
std::uint64_t first_number() noexcept {
    std::uint64_t number = 0;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) {  // an old kernel, or a sandbox
        number = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) * 0x9E37'79B9 ^
                 reinterpret_cast<std::uintptr_t>(&ended);
    }
    return number >> 1 | 1;  // never 0, which is no pool's, and far from the end
}

// Keeps the library that this code is in, where it is one that could be unloaded: threads that end come back here, the
// device's threads run what lies beside this, and what is never destroyed would be lost with it.
void stay_loaded() noexcept {
    Dl_info found{};
    void* object = nullptr;
    if (dladdr1(reinterpret_cast<const void*>(&first_number), &found, &object, RTLD_DL_LINKMAP) == 0 ||
        object == nullptr)
        return;
    const char* const path = static_cast<const link_map*>(object)->l_name;
    const bool is_program = path == nullptr || *path == '\0';
    if (!is_program) dlopen(path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
}

// The pools that are alive, by number. Never destroyed: threads may end after main.
struct Living {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    Mutex mutex;
    std::unordered_map<std::uint64_t, ThreadCaches*> pools;
    std::uint64_t next_id = first_number();
    ForkGuard fork_guard{ForkGuard::Rank::thread_end, *this};
};

Living& living() {
    static Living* const instance = [] {
        stay_loaded();
        return new Living;
    }();
    return *instance;
}

std::uint64_t enter(ThreadCaches* caches) {
    Living& all = living();
    const std::lock_guard lock(all.mutex);
    all.pools.emplace(all.next_id, caches);
    return all.next_id++;
}

}  // namespace

// A thread's caches of all pools, given up when it ends. Hidden: the compilers would make the one in of_this_thread()
// one for all libraries of a process, whose pools are not those of this copy.
class [[gnu::visibility("hidden")]] ThreadEnd {
  public:
    ThreadEnd() = default;
    ThreadEnd(const ThreadEnd&) = delete;
    ThreadEnd& operator=(const ThreadEnd&) = delete;
    ~ThreadEnd() {
        ended = true;
        detail::recent_caches.fill({});
        Living& all = living();
        const std::lock_guard lock(all.mutex);
        for (const Owned& owned : caches_) {
            if (const auto pool = all.pools.find(owned.owner); pool != all.pools.end())
                pool->second->leave(owned.cache);
        }
    }

    ThreadCache* find(std::uint64_t owner) const noexcept {
        for (const Owned& owned : caches_) {
            if (owned.owner == owner) return owned.cache;
        }
        return nullptr;
    }
    // Makes room for one more. Throws std::bad_alloc. Pools that are gone are dropped on the way.
    void reserve() {
        if (caches_.size() < caches_.capacity()) return;
        Living& all = living();
        const std::lock_guard lock(all.mutex);
        std::erase_if(caches_, [&](const Owned& old) { return !all.pools.contains(old.owner); });
        caches_.reserve(2 * caches_.size() + 4);
    }
    void add(Owned owned) noexcept { caches_.push_back(owned); }
    static ThreadEnd& of_this_thread() {
        static thread_local ThreadEnd end;
        return end;
    }

  private:
    std::vector<Owned> caches_;
};

ThreadCaches::ThreadCaches(std::size_t most_bytes_each) : most_bytes_each_(most_bytes_each), id_(enter(this)) {}

ThreadCaches::~ThreadCaches() {
    Living& all = living();
    const std::lock_guard lock(all.mutex);
    all.pools.erase(id_);
}

ThreadCache* ThreadCaches::find_own() noexcept {
    if (ended) return nullptr;
    ThreadCache* const cache = adopt();
    if (cache != nullptr) detail::recent_caches[id_ % detail::recent_caches.size()] = {id_, cache};
    return cache;
}

ThreadCache* ThreadCaches::adopt() noexcept {
    try {
        ThreadEnd& end = ThreadEnd::of_this_thread();
        if (ThreadCache* const known = end.find(id_)) return known;
        end.reserve();  // before our own lock: threads that end take the two the other way round
        const std::lock_guard lock(mutex_);
        Entry* left = nullptr;
        for (Entry& entry : all_) {
            if (!entry.owned) left = &entry;
        }
        if (left == nullptr) left = &all_.emplace_back(std::make_unique<ThreadCache>(most_bytes_each_));
        end.add({id_, left->cache.get()});
        left->owned = true;
        return left->cache.get();
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void ThreadCaches::leave(const ThreadCache* cache) noexcept {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : all_) {
        if (entry.cache.get() == cache) entry.owned = false;
    }
}

void ThreadCaches::lock_for_fork() noexcept {
    mutex_.lock();
    for (const Entry& entry : all_) entry.cache->lock_for_fork();
}

void ThreadCaches::unlock_after_fork() noexcept {
    for (const Entry& entry : all_) entry.cache->unlock_after_fork();
    mutex_.unlock();
}

}  // namespace triune
