// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/central/pending_frees.hpp>

#include <triune/alloc/mapping/page_heap.hpp>
#include <triune/base/error.hpp>

namespace triune {
namespace {

void forget(WaitingStream& stream) noexcept {
    for (RangesBySize& ranges : stream.by_size) ranges.clear();
    for (FreeBatch& batch : stream.oldest_first) batch.ranges.clear();
    for (BatchesOfClass& batches : stream.uniform) batches.clear();
    stream.oldest_first.clear();
}

}  // namespace

WaitingRanges::~WaitingRanges() {
    forget(no_stream_);
    for (auto& [id, stream] : streams_) {
        if (stream) forget(*stream);
    }
    for (FreeBatch& batch : waited_for_) batch.ranges.clear();
    waited_for_.clear();
}

RangesBySize& WaitingRanges::by_size(WaitingStream& stream, const Range& range) noexcept {
    return stream.by_size[range.slab->memory->zone()];
}

void WaitingRanges::open(std::uint64_t stream) {
    std::unique_ptr<WaitingStream>& place = streams_[stream];
    if (!place) place = std::make_unique<WaitingStream>(records_);
}

WaitingStream* WaitingRanges::at(std::uint64_t stream) noexcept {
    const auto known = streams_.find(stream);
    return known == streams_.end() || !known->second ? &no_stream_ : known->second.get();
}

void WaitingRanges::add(FreeBatch* batch, WaitingStream* stream) noexcept {
    batch->stream = stream;
    for (Range& range : batch->ranges) {
        range.state = RangeState::waiting;
        range.batch = batch;
        bytes_ += range.bytes;
        if (batch->uniform == FreeBatch::mixed) by_size(*stream, range).insert(range);
    }
    if (batch->uniform != FreeBatch::mixed) stream->uniform[batch->uniform].push_front(*batch);
    stream->oldest_first.push_back(*batch);
}

void WaitingRanges::keep_loose(Range* range, WaitingStream* stream) noexcept {
    PoolMemory& memory = *range->slab->memory;
    memory.note_free(*stream->loose[memory.zone()].insert(range));
}

RangeStack WaitingRanges::loosen(WaitingStream& stream) noexcept {
    RangeStack found;
    for (FreeList& loose : stream.loose) {
        while (!loose.ranges().empty()) {
            Range* const range = &*loose.ranges().begin();
            loose.remove(range);
            found.push(range);
        }
        loose.note_away(false);
    }
    return found;
}

std::size_t WaitingRanges::loose_bytes_but(const WaitingStream* stream) const noexcept {
    std::size_t bytes = stream != &no_stream_ ? no_stream_.loose_bytes() : 0;
    for (const auto& [id, other] : streams_) {
        if (other && other.get() != stream) bytes += other->loose_bytes();
    }
    return bytes;
}

FreeBatch* WaitingRanges::begin_wait() noexcept {
    if (loose_bytes_but(nullptr) == 0) return nullptr;
    FreeBatch* const batch = records_.batch();
    batch->uniform = FreeBatch::mixed;
    batch->stream = nullptr;
    for_each_place([&](WaitingStream& place) {
        for (RangeStack ranges = loosen(place); !ranges.empty();) {
            Range& range = *ranges.pop();
            range.state = RangeState::waiting;
            range.batch = batch;
            bytes_ += range.bytes;
            batch->ranges.push_back(range);
        }
    });
    waited_for_.push_back(*batch);
    return batch;
}

void WaitingRanges::settle_waited(FreeBatch* batch, bool waited) noexcept {
    if (batch == nullptr) return;
    waited_for_.erase(waited_for_.iterator_to(*batch));
    while (!batch->ranges.empty()) {
        Range& range = batch->ranges.front();
        batch->ranges.pop_front();
        bytes_ -= range.bytes;
        if (waited) {
            range.slab->memory->put_idle(&range);
        } else {
            keep_loose(&range, &no_stream_);
        }
    }
    records_.put_back(batch);
    refused_ = !waited;
}

// The tighter of two, of which either may be null.
Range* WaitingRanges::tighter(Range* a, Range* b) noexcept {
    if (a == nullptr || b == nullptr) return a != nullptr ? a : b;
    return b->bytes < a->bytes ? b : a;
}

Range* WaitingRanges::find(std::size_t bytes, std::uint64_t stream) noexcept {
    const auto known = streams_.find(stream);
    if (known == streams_.end() || !known->second) return nullptr;
    const Zone zone = zone_of(bytes);
    RangesBySize& ranges = known->second->by_size[zone];
    const auto fit = ranges.lower_bound(bytes, SmallerRange{});
    return tighter(known->second->loose[zone].find(bytes), fit == ranges.end() ? nullptr : &*fit);
}

FreeBatch* WaitingRanges::take_uniform(SizeClass size, std::uint64_t stream) noexcept {
    const auto known = streams_.find(stream);
    if (known == streams_.end() || !known->second || known->second->uniform[size].empty()) return nullptr;
    FreeBatch& batch = known->second->uniform[size].front();
    unlist(&batch);
    for (const Range& range : batch.ranges) bytes_ -= range.bytes;
    return &batch;
}

void WaitingRanges::unlist(FreeBatch* batch) noexcept {
    WaitingStream& stream = *batch->stream;
    stream.oldest_first.erase(stream.oldest_first.iterator_to(*batch));
    if (batch->uniform != FreeBatch::mixed) {
        BatchesOfClass& batches = stream.uniform[batch->uniform];
        batches.erase(batches.iterator_to(*batch));
    }
}

void WaitingRanges::remove(Range* range) noexcept {
    FreeBatch& batch = *range->batch;
    RangesBySize& listed = by_size(*batch.stream, *range);
    listed.erase(listed.iterator_to(*range));
    batch.ranges.erase(batch.ranges.iterator_to(*range));
    bytes_ -= range->bytes;
}

void WaitingRanges::wait_as(Range* rest, FreeBatch* batch) noexcept {
    rest->state = RangeState::waiting;
    rest->batch = batch;
    batch->ranges.push_back(*rest);
    by_size(*batch->stream, *rest).insert(*rest);
    bytes_ += rest->bytes;
}

void WaitingRanges::settle(FreeBatch* batch) noexcept {
    if (!batch->ranges.empty()) return;
    unlist(batch);
    records_.put_back(batch);
}

bool WaitingRanges::complete(const FreeBatch& batch) const noexcept {
    bool complete = false;
    report_teardown(device_.event_query(batch.event, complete), "asking whether freed memory is ready");
    return complete;
}

// The events of one stream complete in its order: mostly the newest has, and is the only one that is asked. Where all
// sorts of streams' events stand in one list, a newer one says nothing of the others.
bool WaitingRanges::collect(WaitingStream& stream) noexcept {
    const bool in_order = &stream != &no_stream_;
    const bool all = in_order && !stream.oldest_first.empty() && complete(stream.oldest_first.back());
    while (!stream.oldest_first.empty()) {
        FreeBatch& batch = stream.oldest_first.front();
        const bool asked = in_order && &batch == &stream.oldest_first.back();
        if (!all && (asked || !complete(batch))) return false;
        unlist(&batch);
        while (!batch.ranges.empty()) {
            Range& range = batch.ranges.front();
            batch.ranges.pop_front();
            bytes_ -= range.bytes;
            RangesBySize& listed = by_size(stream, range);
            if (batch.uniform == FreeBatch::mixed) listed.erase(listed.iterator_to(range));
            range.slab->memory->put_idle(&range);
        }
        records_.put_back(&batch);
    }
    return true;
}

void WaitingRanges::collect() noexcept {
    collect(no_stream_);
    for (auto own = streams_.begin(); own != streams_.end();) {
        const bool empty = !own->second || (collect(*own->second) && own->second->loose[small_blocks].count() == 0 &&
                                            own->second->loose[large_blocks].count() == 0);
        own = empty && streams_.size() > many_streams ? streams_.erase(own) : std::next(own);
    }
}

WaitingRanges::Events WaitingRanges::pending_events() const noexcept {
    Events pending;
    const auto add = [&pending](const FreeBatch& batch) {
        pending.all = pending.all && pending.count < max_events;
        if (pending.count < max_events) pending.events[pending.count++] = batch.event;
    };
    for (const FreeBatch& batch : no_stream_.oldest_first) add(batch);
    for (const auto& [id, stream] : streams_) {
        if (stream && !stream->oldest_first.empty()) add(stream->oldest_first.back());
    }
    return pending;
}

void WaitingRanges::check_away(const PoolMemory& memory) const {
    memory.check_away(no_stream_.loose[memory.zone()]);
    for (const auto& [id, stream] : streams_) {
        if (stream) memory.check_away(stream->loose[memory.zone()]);
    }
}

std::size_t WaitingRanges::count() const noexcept {
    std::size_t count = 0;
    const auto add = [&count](const WaitingStream& stream) {
        for (const FreeBatch& batch : stream.oldest_first) count += batch.ranges.size();
    };
    for (const FreeBatch& batch : waited_for_) count += batch.ranges.size();
    add(no_stream_);
    for (const auto& [id, stream] : streams_) {
        if (stream) add(*stream);
    }
    return count;
}

std::size_t WaitingRanges::bytes() const noexcept {
    return bytes_ + loose_bytes_but(nullptr);
}

std::size_t WaitingRanges::loose_count() const noexcept {
    std::size_t count = no_stream_.loose[small_blocks].count() + no_stream_.loose[large_blocks].count();
    for (const auto& [id, stream] : streams_) {
        if (stream) count += stream->loose[small_blocks].count() + stream->loose[large_blocks].count();
    }
    return count;
}

}  // namespace triune
