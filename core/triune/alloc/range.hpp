// A contiguous piece of the pool's memory: the record behind a block.
#pragma once

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>
#include <cstddef>
#include <cstdint>

#include <triune/device/device.hpp>

namespace triune {

struct Slab;

// Who may have a range that is not live.
enum class RangeState {
    live,     // a user's
    waiting,  // freed; work queued before the free may still use it until `event` is complete
    idle,     // nobody's
    lost,     // its free could not be ordered: never handed out again
};

// Neighbours by address are linked, so that idle ones can be merged. One record serves a piece of memory in every
// state: freeing allocates nothing.
struct Range {
    using SizeHook = boost::intrusive::set_member_hook<>;
    using QueueHook = boost::intrusive::list_member_hook<>;

    SizeHook by_size;  // among the waiting ranges of a stream, or among the idle ones
    QueueHook queue;   // among the waiting ranges of a stream, oldest first
    Slab* slab = nullptr;
    Range* previous = nullptr;
    Range* next = nullptr;
    std::byte* data = nullptr;
    std::size_t bytes = 0;
    RangeState state = RangeState::idle;
    std::uint64_t stream = 0;     // of a waiting range: where it may be reused at once
    EventHandle event = nullptr;  // held by live and waiting ranges, so that a free needs no new one
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
using RangeQueue = boost::intrusive::list<Range, boost::intrusive::member_hook<Range, Range::QueueHook, &Range::queue>,
                                          boost::intrusive::constant_time_size<false>>;

}  // namespace triune
