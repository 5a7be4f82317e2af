// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/central/pending_frees.hpp>

#include <triune/base/error.hpp>
#include <triune/detail/alloc/mapping/page_heap.hpp>

namespace triune {
namespace {

void forget(PendingStream& stream) noexcept {
    for (SpansBySize& spans : stream.by_size) spans.clear();
    for (FreeBatch& batch : stream.oldest_first) batch.spans.clear();
    for (BatchesOfClass& batches : stream.uniform) batches.clear();
    stream.oldest_first.clear();
}

}  // namespace

PendingFrees::~PendingFrees() {
    forget(no_stream_);
    for (auto& [id, stream] : streams_) {
        if (stream) forget(*stream);
    }
    for (FreeBatch& batch : waited_for_) batch.spans.clear();
    waited_for_.clear();
}

SpansBySize& PendingFrees::by_size(PendingStream& stream, const Span& span) noexcept {
    return stream.by_size[span.segment->heap->kind()];
}

void PendingFrees::open(std::uint64_t stream) {
    std::unique_ptr<PendingStream>& place = streams_[stream];
    if (!place) place = std::make_unique<PendingStream>(records_);
}

PendingStream* PendingFrees::at(std::uint64_t stream) noexcept {
    const auto known = streams_.find(stream);
    return known == streams_.end() || !known->second ? &no_stream_ : known->second.get();
}

void PendingFrees::add(FreeBatch* batch, PendingStream* stream) noexcept {
    batch->stream = stream;
    for (Span& span : batch->spans) {
        span.become_pending_free(batch);
        bytes_ += span.bytes;
        if (batch->uniform == FreeBatch::mixed) by_size(*stream, span).insert(span);
    }
    if (batch->uniform != FreeBatch::mixed) stream->uniform[batch->uniform].push_front(*batch);
    stream->oldest_first.push_back(*batch);
}

void PendingFrees::add_stream_free(Span* span, PendingStream* stream) noexcept {
    PageHeap& heap = *span->segment->heap;
    heap.note_free(*stream->stream_free[heap.kind()].insert(span));
}

SpanStack PendingFrees::remove_stream_free(PendingStream& stream) noexcept {
    SpanStack found;
    for (FreeList& stream_free : stream.stream_free) {
        while (!stream_free.spans().empty()) {
            Span* const span = &*stream_free.spans().begin();
            stream_free.remove(span);
            found.push(span);
        }
        stream_free.note_aliased(false);
    }
    return found;
}

std::size_t PendingFrees::stream_free_bytes_except(const PendingStream* stream) const noexcept {
    std::size_t bytes = stream != &no_stream_ ? no_stream_.stream_free_bytes() : 0;
    for (const auto& [id, other] : streams_) {
        if (other && other.get() != stream) bytes += other->stream_free_bytes();
    }
    return bytes;
}

FreeBatch* PendingFrees::begin_wait() noexcept {
    if (stream_free_bytes_except(nullptr) == 0) return nullptr;
    FreeBatch* const batch = records_.acquire_batch();
    batch->uniform = FreeBatch::mixed;
    batch->stream = nullptr;
    for_each_place([&](PendingStream& place) {
        for (SpanStack spans = remove_stream_free(place); !spans.empty();) {
            Span& span = *spans.pop();
            span.become_pending_free(batch);
            bytes_ += span.bytes;
            batch->spans.push_back(span);
        }
    });
    waited_for_.push_back(*batch);
    return batch;
}

void PendingFrees::finish_wait(FreeBatch* batch, bool waited) noexcept {
    if (batch == nullptr) return;
    waited_for_.erase(waited_for_.iterator_to(*batch));
    while (!batch->spans.empty()) {
        Span& span = batch->spans.front();
        batch->spans.pop_front();
        bytes_ -= span.bytes;
        if (waited) {
            span.segment->heap->add_free(&span);
        } else {
            add_stream_free(&span, &no_stream_);
        }
    }
    records_.release(batch);
    refused_ = !waited;
}

// The tighter of two, of which either may be null.
Span* PendingFrees::tighter(Span* a, Span* b) noexcept {
    if (a == nullptr || b == nullptr) return a != nullptr ? a : b;
    return b->bytes < a->bytes ? b : a;
}

Span* PendingFrees::find(std::size_t bytes, std::uint64_t stream) noexcept {
    const auto known = streams_.find(stream);
    if (known == streams_.end() || !known->second) return nullptr;
    const HeapKind kind = heap_of(bytes);
    SpansBySize& spans = known->second->by_size[kind];
    const auto fit = spans.lower_bound(bytes, SmallerSpan{});
    return tighter(known->second->stream_free[kind].find(bytes), fit == spans.end() ? nullptr : &*fit);
}

FreeBatch* PendingFrees::acquire_uniform(SizeClass size, std::uint64_t stream) noexcept {
    const auto known = streams_.find(stream);
    if (known == streams_.end() || !known->second || known->second->uniform[size].empty()) return nullptr;
    FreeBatch& batch = known->second->uniform[size].front();
    unlist(&batch);
    for (const Span& span : batch.spans) bytes_ -= span.bytes;
    return &batch;
}

void PendingFrees::unlist(FreeBatch* batch) noexcept {
    PendingStream& stream = *batch->stream;
    stream.oldest_first.erase(stream.oldest_first.iterator_to(*batch));
    if (batch->uniform != FreeBatch::mixed) {
        BatchesOfClass& batches = stream.uniform[batch->uniform];
        batches.erase(batches.iterator_to(*batch));
    }
}

void PendingFrees::remove(Span* span) noexcept {
    FreeBatch& batch = *span->batch;
    SpansBySize& listed = by_size(*batch.stream, *span);
    listed.erase(listed.iterator_to(*span));
    batch.spans.erase(batch.spans.iterator_to(*span));
    bytes_ -= span->bytes;
}

void PendingFrees::add_rest(Span* rest, FreeBatch* batch) noexcept {
    rest->become_pending_free(batch);
    batch->spans.push_back(*rest);
    by_size(*batch->stream, *rest).insert(*rest);
    bytes_ += rest->bytes;
}

void PendingFrees::release_if_empty(FreeBatch* batch) noexcept {
    if (!batch->spans.empty()) return;
    unlist(batch);
    records_.release(batch);
}

bool PendingFrees::complete(const FreeBatch& batch) const noexcept {
    bool complete = false;
    report_teardown(device_.event_query(batch.event, complete), "asking whether freed memory is ready");
    return complete;
}

// The events of one stream complete in its order: mostly the newest has, and is the only one that is asked. Where all
// sorts of streams' events stand in one list, a newer one says nothing of the others.
bool PendingFrees::collect(PendingStream& stream) noexcept {
    const bool in_order = &stream != &no_stream_;
    const bool all = in_order && !stream.oldest_first.empty() && complete(stream.oldest_first.back());
    while (!stream.oldest_first.empty()) {
        FreeBatch& batch = stream.oldest_first.front();
        const bool asked = in_order && &batch == &stream.oldest_first.back();
        if (!all && (asked || !complete(batch))) return false;
        unlist(&batch);
        while (!batch.spans.empty()) {
            Span& span = batch.spans.front();
            batch.spans.pop_front();
            bytes_ -= span.bytes;
            SpansBySize& listed = by_size(stream, span);
            if (batch.uniform == FreeBatch::mixed) listed.erase(listed.iterator_to(span));
            span.segment->heap->add_free(&span);
        }
        records_.release(&batch);
    }
    return true;
}

void PendingFrees::collect() noexcept {
    collect(no_stream_);
    for (auto own = streams_.begin(); own != streams_.end();) {
        const bool empty =
            !own->second || (collect(*own->second) && own->second->stream_free[small_blocks].count() == 0 &&
                             own->second->stream_free[large_blocks].count() == 0);
        own = empty && streams_.size() > many_streams ? streams_.erase(own) : std::next(own);
    }
}

PendingFrees::Events PendingFrees::pending_events() const noexcept {
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

void PendingFrees::check_aliased(const PageHeap& heap) const {
    heap.check_aliased(no_stream_.stream_free[heap.kind()]);
    for (const auto& [id, stream] : streams_) {
        if (stream) heap.check_aliased(stream->stream_free[heap.kind()]);
    }
}

std::size_t PendingFrees::count() const noexcept {
    std::size_t count = 0;
    const auto add = [&count](const PendingStream& stream) {
        for (const FreeBatch& batch : stream.oldest_first) count += batch.spans.size();
    };
    for (const FreeBatch& batch : waited_for_) count += batch.spans.size();
    add(no_stream_);
    for (const auto& [id, stream] : streams_) {
        if (stream) add(*stream);
    }
    return count;
}

std::size_t PendingFrees::bytes() const noexcept { return bytes_ + stream_free_bytes_except(nullptr); }

std::size_t PendingFrees::stream_free_count() const noexcept {
    std::size_t count = no_stream_.stream_free[small_blocks].count() + no_stream_.stream_free[large_blocks].count();
    for (const auto& [id, stream] : streams_) {
        if (stream) count += stream->stream_free[small_blocks].count() + stream->stream_free[large_blocks].count();
    }
    return count;
}

}  // namespace triune
