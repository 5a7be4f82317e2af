// SPDX-License-Identifier: Apache-2.0
// A contiguous piece of the pool's addresses: the record behind a block.
#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <cstddef>
#include <cstdint>

#include <triune/device/device.hpp>

namespace triune {

struct FreeBatch;
class FreeList;
struct Segment;

enum class SpanState : std::uint8_t {
    allocated,     // a user's
    cached,        // a thread's, for its stream
    stream_free,   // freed on a stream and no other's: work queued there before the free may still use it
    pending_free,  // freed; work queued before the free may still use it until its batch's event is complete
    free,          // nobody's
    unmapped,      // nobody's, and without physical memory
    moving,        // on its way from one list to another
};

// Written by the thread that has the span, perhaps with its own cache's lock alone, while another that holds the
// pool's looks whether it is free. What that may see in between, allocated or cached, both mean no.
class SharedSpanState {
  public:
    operator SpanState() const noexcept { return state_.load(std::memory_order_relaxed); }

  private:
    friend struct Span;
    void set(SpanState state) noexcept { state_.store(state, std::memory_order_relaxed); }

    std::atomic<SpanState> state_{SpanState::free};
};

// Neighbours by address are linked, so that free ones can be merged. One record serves a piece of memory in every
// state: freeing allocates nothing. What a thread's cache reads and writes comes first and in one line of the
// processor's, so that a block which another thread had costs one miss.
struct alignas(64) Span {
    using SizeHook = boost::intrusive::set_member_hook<>;
    using ListHook = boost::intrusive::list_member_hook<>;

    union {
        Span* below = nullptr;        // in a thread's stack, or in the store of spare records
        std::size_t requested_bytes;  // of an allocated span that is found by its address, as its user asked
    };
    std::byte* data = nullptr;
    std::size_t bytes = 0;
    SharedSpanState state;
    std::atomic<std::uint32_t> user{0};  // who finds it by its address; nobody

    Span* previous = nullptr;  // by address
    Span* next = nullptr;
    Segment* segment = nullptr;
    FreeBatch* batch = nullptr;   // of a pending free
    FreeList* free_in = nullptr;  // the list that has it, of a stream-free, free or unmapped one
    SizeHook by_size;             // in its free list, or among the pending frees of a stream
    SizeHook by_address;          // among the unmapped spans
    ListHook list;                // among those of a batch

    std::byte* end() const noexcept { return data + bytes; }

    // A state is entered here alone. The lists that belong to it are the caller's.
    void become_allocated() noexcept { state.set(SpanState::allocated); }
    void become_cached() noexcept { state.set(SpanState::cached); }
    void become_pending_free(FreeBatch* in) noexcept {
        state.set(SpanState::pending_free);
        batch = in;
    }
    // stream_free, free or unmapped, as the list says.
    void become_listed(FreeList* in, SpanState listed) noexcept {
        state.set(listed);
        batch = nullptr;
        free_in = in;
    }
    // Nobody's yet: no list may merge over it.
    void become_moving() noexcept { state.set(SpanState::moving); }
};

struct SmallerSpan {
    bool operator()(const Span& a, const Span& b) const noexcept {
        return a.bytes != b.bytes ? a.bytes < b.bytes : a.data < b.data;
    }
    bool operator()(const Span& a, std::size_t bytes) const noexcept { return a.bytes < bytes; }
    bool operator()(std::size_t bytes, const Span& a) const noexcept { return bytes < a.bytes; }
};

using SpansBySize =
    boost::intrusive::multiset<Span, boost::intrusive::member_hook<Span, Span::SizeHook, &Span::by_size>,
                               boost::intrusive::compare<SmallerSpan>>;
struct LowerSpan {
    bool operator()(const Span& a, const Span& b) const noexcept { return a.data < b.data; }
    bool operator()(const std::byte* at, const Span& b) const noexcept { return at < b.data; }
};

using SpansByAddress =
    boost::intrusive::set<Span, boost::intrusive::member_hook<Span, Span::SizeHook, &Span::by_address>,
                          boost::intrusive::compare<LowerSpan>>;
using SpanList = boost::intrusive::list<Span, boost::intrusive::member_hook<Span, Span::ListHook, &Span::list>,
                                        boost::intrusive::constant_time_size<false>>;

}  // namespace triune
