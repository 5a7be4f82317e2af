// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/thread_owned.hpp>

#include <dlfcn.h>
#include <link.h>
#include <sys/random.h>

#include <chrono>
#include <cstdint>
#include <new>
#include <unordered_map>
#include <vector>

#include <triune/detail/base/fork_guard.hpp>

namespace triune::detail {

constinit thread_local std::array<RecentPart, 8> recent_parts{};

namespace {

constinit thread_local bool ended = false;

// Where a copy of the core begins to number its owners. A process may hold several copies: two plugins, each with the
// static library in it. Drawn by chance, so that their numbers do not meet even where the linker has merged a symbol.
std::uint64_t first_number() noexcept {
    std::uint64_t number = 0;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) {  // an old kernel, or a sandbox
        number = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()) * 0x9E37'79B9 ^
                 reinterpret_cast<std::uintptr_t>(&ended);
    }
    return number >> 1 | 1;  // never 0, which is no owner's, and far from the end
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

// The owners that are alive, by number. Never destroyed: threads may end after main.
struct Living {
    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    Mutex mutex;
    std::unordered_map<std::uint64_t, ThreadParts*> owners;
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

std::uint64_t enter(ThreadParts* owner) {
    Living& all = living();
    const std::lock_guard lock(all.mutex);
    all.owners.emplace(all.next_id, owner);
    return all.next_id++;
}

}  // namespace

// A thread's parts of all owners, given up when it ends. Hidden: the compilers would make the one in of_this_thread()
// one for all libraries of a process, whose owners are not those of this copy.
class [[gnu::visibility("hidden")]] ThreadEnd {
  public:
    ThreadEnd() = default;
    ThreadEnd(const ThreadEnd&) = delete;
    ThreadEnd& operator=(const ThreadEnd&) = delete;
    ~ThreadEnd() {
        ended = true;
        recent_parts.fill({});
        Living& all = living();
        const std::lock_guard lock(all.mutex);
        for (const RecentPart& owned : parts_) {
            if (const auto owner = all.owners.find(owned.owner); owner != all.owners.end())
                owner->second->leave(owned.part);
        }
    }

    ThreadPart* find(std::uint64_t owner) const noexcept {
        for (const RecentPart& owned : parts_) {
            if (owned.owner == owner) return owned.part;
        }
        return nullptr;
    }
    // Makes room for one more. Throws std::bad_alloc. Owners that are gone are dropped on the way.
    void reserve() {
        if (parts_.size() < parts_.capacity()) return;
        Living& all = living();
        const std::lock_guard lock(all.mutex);
        std::erase_if(parts_, [&](const RecentPart& old) { return !all.owners.contains(old.owner); });
        parts_.reserve(2 * parts_.size() + 4);
    }
    void add(RecentPart owned) noexcept { parts_.push_back(owned); }
    static ThreadEnd& of_this_thread() {
        static thread_local ThreadEnd end;
        return end;
    }

  private:
    std::vector<RecentPart> parts_;
};

ThreadParts::ThreadParts() : id_(enter(this)) {}

void ThreadParts::close() noexcept {
    Living& all = living();
    const std::lock_guard lock(all.mutex);
    all.owners.erase(id_);
}

ThreadPart* ThreadParts::find(ThreadPart* (*make)(const void*), const void* context) noexcept {
    if (ended) return nullptr;
    try {
        return acquire(make, context);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

ThreadPart* ThreadParts::acquire(ThreadPart* (*make)(const void*), const void* context) {
    ThreadEnd& end = ThreadEnd::of_this_thread();
    if (ThreadPart* const known = end.find(id_)) return known;
    end.reserve();  // before our own lock: threads that end take the two the other way round
    const std::lock_guard lock(mutex_);
    ThreadPart* left = first();
    while (left != nullptr && left->owned) left = left->next.load(std::memory_order_relaxed);
    if (left == nullptr) {
        left = make(context);
        if (left == nullptr) return nullptr;
        (last_ != nullptr ? last_->next : first_).store(left, std::memory_order_release);
        last_ = left;
    }
    left->owned = true;
    end.add({id_, left});
    return left;
}

// A thread that has ended, or has not looked here for long, does not find its own: then it counts as another's.
bool ThreadParts::others_have_parts() const noexcept {
    const ThreadPart* const mine = recent();
    const ThreadPart* each = first();
    while (each != nullptr && (each == mine || !each->owned)) each = each->next.load(std::memory_order_relaxed);
    return each != nullptr;
}

void ThreadParts::leave(ThreadPart* part) noexcept {
    const std::lock_guard lock(mutex_);
    part->owned = false;
}

}  // namespace triune::detail
