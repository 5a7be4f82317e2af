// SPDX-License-Identifier: Apache-2.0
// What an owner keeps for each thread that uses it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include <triune/detail/base/mutex.hpp>

namespace triune {

// Note [Copies of the core]
// A process may hold several copies of the core: two plugins, each with the static library in it. They must not take one
// another's state for their own. What is loaded privately (RTLD_LOCAL) shares nothing but GNU's unique symbols, which the
// compiler makes of statics in inline functions; so the core is compiled without them, and what a thread keeps for its
// owners is in no such static. What is loaded globally shares all functions and all variables, and so is one copy. In
// between, where a linker hides one part and not the other, a thread finds owners by numbers that no copy gives twice.
namespace detail {

// A part of one owner, for one thread at a time.
struct ThreadPart {
    std::atomic<ThreadPart*> next{nullptr};
    bool owned = false;
};

struct RecentPart {
    std::uint64_t owner = 0;
    ThreadPart* part = nullptr;
};

// What a thread looks at first, by the last bits of an owner's number. Without constructor and destructor, so that it
// costs one access and is there for as long as the thread is. No TLS model is asked for: in a program the linker makes
// it one access of a fixed place, and a library that is loaded later needs none of the few static bytes that all loaded
// libraries share.
extern constinit thread_local std::array<RecentPart, 8> recent_parts;

// All of ThreadOwned that does not depend on the type.
class ThreadParts {
  public:
    ThreadParts();
    ThreadParts(const ThreadParts&) = delete;
    ThreadParts& operator=(const ThreadParts&) = delete;

    // Until unlock() no part changes hands, and none is added.
    void lock() { mutex_.lock(); }
    void unlock() noexcept { mutex_.unlock(); }
    // Whether a thread beside the calling one has a part; under lock().
    bool others_have_parts() const noexcept;

  protected:
    ~ThreadParts() = default;

    ThreadPart* recent() const noexcept {
        const RecentPart& recent = recent_parts[id_ % recent_parts.size()];
        return recent.owner == id_ ? recent.part : nullptr;
    }
    // The thread's, else one that nobody has, else what `make(context)` answers. Null where there is none, or the thread
    // is past its end.
    ThreadPart* find(ThreadPart* (*make)(const void* context), const void* context) noexcept;
    void remember(ThreadPart* part) const noexcept { recent_parts[id_ % recent_parts.size()] = {id_, part}; }
    // Threads that end do not come back here. Before anything else of the owner goes.
    void close() noexcept;

    ThreadPart* first() const noexcept { return first_.load(std::memory_order_acquire); }

  private:
    friend class ThreadEnd;

    ThreadPart* acquire(ThreadPart* (*make)(const void* context), const void* context);
    void leave(ThreadPart* part) noexcept;

    const std::uint64_t id_;  // no other has or had it, in no other copy of the core either
    Mutex mutex_;
    std::atomic<ThreadPart*> first_{nullptr};
    ThreadPart* last_ = nullptr;
};

}  // namespace detail

// Thread-safe. A part is made when a thread first asks, and is that thread's alone. A thread that ends leaves its part,
// with all that is in it, to the next thread that comes; no code of the part's runs then, since that may be after main.
// What the old thread did with a part, the new one sees. Parts live as long as this does, and never move.
template <typename Part>
class ThreadOwned : public detail::ThreadParts {
  public:
    ThreadOwned() = default;
    ~ThreadOwned() {
        close();
        for (detail::ThreadPart* each = first(); each != nullptr;) {
            detail::ThreadPart* const next = each->next;
            delete static_cast<Entry*>(each);
            each = next;
        }
    }

    // The calling thread's, made of `arguments` where there is none to take over. Null where there is no memory for
    // one, or the thread is past its end.
    template <typename... Arguments>
    Part* own(const Arguments&... arguments) noexcept {
        detail::ThreadPart* const recent = this->recent();
        return recent != nullptr ? &static_cast<Entry*>(recent)->part : find_own(arguments...);
    }
    // The same; `acquired(part)` is called whenever it may have been another thread's, and at times when not.
    template <typename Acquired>
    Part* own_and(Acquired&& acquired) noexcept {
        if (detail::ThreadPart* const recent = this->recent()) return &static_cast<Entry*>(recent)->part;
        Part* const part = find_own();
        if (part != nullptr) acquired(*part);
        return part;
    }

    // Calls visit(part) for each, in the order in which they were made, without a lock.
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (detail::ThreadPart* each = first(); each != nullptr; each = each->next.load(std::memory_order_acquire)) {
            visit(static_cast<Entry*>(each)->part);
        }
    }

  private:
    struct Entry : detail::ThreadPart {
        template <typename... Arguments>
        explicit Entry(const Arguments&... arguments) : part(arguments...) {}

        Part part;
    };

    template <typename... Arguments>
    [[gnu::noinline]] Part* find_own(const Arguments&... arguments) noexcept {
        const auto make = [&]() -> detail::ThreadPart* { return new (std::nothrow) Entry(arguments...); };
        using Make = decltype(make);
        detail::ThreadPart* const found =
            find([](const void* context) { return (*static_cast<const Make*>(context))(); }, &make);
        if (found == nullptr) return nullptr;
        remember(found);
        return &static_cast<Entry*>(found)->part;
    }
};

}  // namespace triune
