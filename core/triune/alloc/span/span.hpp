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
struct Slab;

enum class RangeState : std::uint8_t {
    live,     // a user's
    cached,   // a thread's, for its stream
    loose,    // freed on a stream and no other's: work queued there before the free may still use it
    waiting,  // freed; work queued before the free may still use it until its batch's event is complete
    idle,     // nobody's
    hole,     // nobody's, and without physical memory
    between,  // on its way from one list to another
};

// Written by the thread that has the range, perhaps with its own cache's lock alone, while another that holds the
// pool's looks whether it is idle. What that may see in between, live or cached, both mean no.
class SharedRangeState {
  public:
    SharedRangeState& operator=(RangeState state) noexcept {
        state_.store(state, std::memory_order_relaxed);
        return *this;
    }
    operator RangeState() const noexcept { return state_.load(std::memory_order_relaxed); }

  private:
    std::atomic<RangeState> state_{RangeState::idle};
};

// Neighbours by address are linked, so that idle ones can be merged. One record serves a piece of memory in every
// state: freeing allocates nothing. What a thread's cache reads and writes comes first and in one line of the
// processor's, so that a block which another thread had costs one miss.
struct alignas(64) Range {
    using SizeHook = boost::intrusive::set_member_hook<>;
    using ListHook = boost::intrusive::list_member_hook<>;

    union {
        Range* below = nullptr;         // in a thread's stack, or in the store of spare records
        std::size_t requested_bytes;  // of a live range that is found by its address, as its user asked
    };
    std::byte* data = nullptr;
    std::size_t bytes = 0;
    SharedRangeState state;
    std::atomic<std::uint32_t> user{0};  // who finds it by its address; nobody

    Range* previous = nullptr;  // by address
    Range* next = nullptr;
    Slab* slab = nullptr;
    FreeBatch* batch = nullptr;   // of a waiting range
    FreeList* free_in = nullptr;  // of a loose or idle one, or a hole
    SizeHook by_size;             // in its free list, or among the waiting ones of a stream
    SizeHook by_address;          // among the holes
    ListHook list;                // among those of a batch

    std::byte* end() const noexcept { return data + bytes; }
};

struct SmallerRange {
    bool operator()(const Range& a, const Range& b) const noexcept {
        return a.bytes != b.bytes ? a.bytes < b.bytes : a.data < b.data;
    }
    bool operator()(const Range& a, std::size_t bytes) const noexcept { return a.bytes < bytes; }
    bool operator()(std::size_t bytes, const Range& a) const noexcept { return bytes < a.bytes; }
};

using RangesBySize =
    boost::intrusive::multiset<Range, boost::intrusive::member_hook<Range, Range::SizeHook, &Range::by_size>,
                               boost::intrusive::compare<SmallerRange>>;
struct LowerRange {
    bool operator()(const Range& a, const Range& b) const noexcept { return a.data < b.data; }
    bool operator()(const std::byte* at, const Range& b) const noexcept { return at < b.data; }
};

using RangesByAddress =
    boost::intrusive::set<Range, boost::intrusive::member_hook<Range, Range::SizeHook, &Range::by_address>,
                          boost::intrusive::compare<LowerRange>>;
using RangeList = boost::intrusive::list<Range, boost::intrusive::member_hook<Range, Range::ListHook, &Range::list>,
                                         boost::intrusive::constant_time_size<false>>;

}  // namespace triune
