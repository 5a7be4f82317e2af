// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/front/thread_cache.hpp>

#include <new>
#include <utility>

#include <triune/detail/alloc/span/free_batch.hpp>

namespace triune {
namespace {

constexpr SizeClass last_small_class = size_class(largest_small_bytes);

}  // namespace

ThreadCache::Bins* ThreadCache::of(StreamKey stream) noexcept {
    if (last_ != nullptr && last_->stream.id == stream.id) return last_;
    for (const auto& bins : bins_) {
        if (!bins) return nullptr;
        if (bins->stream.id == stream.id) return last_ = bins.get();
        if (bins->stream.handle == stream.handle) bins->dead = true;
    }
    return nullptr;
}

ThreadCache::Bins* ThreadCache::of(StreamHandle stream) noexcept {
    if (last_ != nullptr && last_->stream.handle == stream && !last_->dead) return last_;
    for (const auto& bins : bins_) {
        if (!bins) return nullptr;
        if (bins->stream.handle == stream && !bins->dead) return last_ = bins.get();
    }
    return nullptr;
}

inline void ThreadCache::push(Bins& bins, Span* span, bool zeroed) noexcept {
    const SizeClass index = size_class(span->bytes);
    span->become_cached();
    (zeroed ? bins.zeroed[index] : bins.stack[index]).push(span);
    ++bins.count[index];
    bins.large += index > last_small_class ? 1 : 0;
    bins.bytes += span->bytes;
    counts_.cached_bytes += span->bytes;
}

void ThreadCache::note_removed(Bins& bins, SizeClass index, const Span& span) noexcept {
    --bins.count[index];
    bins.large -= index > last_small_class ? 1 : 0;
    bins.bytes -= span.bytes;
    counts_.cached_bytes -= span.bytes;
}

Span* ThreadCache::pop(Bins& bins, SizeClass index) noexcept {
    if (bins.count[index] == 0) return nullptr;
    Span* const span = bins.stack[index].empty() ? bins.zeroed[index].pop() : bins.stack[index].pop();
    note_removed(bins, index, *span);
    return span;
}

inline Span* ThreadCache::mark_allocated(Bins& bins, Span* span) noexcept {
    bins.used = ++clock_;
    span->become_allocated();
    counts_.allocated_bytes += static_cast<std::ptrdiff_t>(span->bytes);
    ++counts_.allocated_blocks;
    return span;
}

// Blocks of such a class differ in size: looks a few deep for one that is big enough.
Span* ThreadCache::pop_fitting(Bins& bins, SizeClass index, std::size_t bytes) noexcept {
    constexpr int deep = 4;
    Span** link = &bins.stack[index].top;
    for (int i = 0; i < deep && *link != nullptr; ++i, link = &(*link)->below) {
        Span* const span = *link;
        if (span->bytes < bytes) continue;
        *link = span->below;
        note_removed(bins, index, *span);
        return span;
    }
    return nullptr;
}

Span* ThreadCache::acquire(std::size_t bytes, StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins* const bins = of(stream);
    if (bins == nullptr) return nullptr;
    const SizeClass index = size_class(bytes);
    Span* span = nullptr;
    if (bytes <= largest_rounded_bytes) {
        span = pop(*bins, index);
    } else {
        span = pop_fitting(*bins, index, bytes);
        // All of the next class are big enough, by an eighth at most.
        if (span == nullptr && index + 1 < cached_class_count) span = pop(*bins, index + 1);
    }
    return span == nullptr ? nullptr : mark_allocated(*bins, span);
}

Span* ThreadCache::acquire_zeroed(std::size_t bytes, StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins* const bins = of(stream);
    const SizeClass index = size_class(bytes);
    if (bins == nullptr || bins->zeroed[index].empty()) return nullptr;
    Span* const span = bins->zeroed[index].pop();
    note_removed(*bins, index, *span);
    return mark_allocated(*bins, span);
}

SpanStack ThreadCache::acquire_to_zero(std::size_t bytes, StreamKey stream, std::size_t max) noexcept {
    const OwnerLock lock(mutex_);
    SpanStack acquired;
    Bins* const bins = of(stream);
    const SizeClass index = size_class(bytes);
    if (bins == nullptr || !bins->zeroed_before[index]) {
        if (bins != nullptr) bins->zeroed_before.set(index);
        return acquired;
    }
    for (; max > 0 && !bins->stack[index].empty(); --max) {
        acquired.push(bins->stack[index].pop());
        note_removed(*bins, index, *acquired.top);
    }
    return acquired;
}

void ThreadCache::keep_zeroed(SpanStack spans, StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins& bins = *of(stream);
    while (!spans.empty()) push(bins, spans.pop(), true);
}

bool ThreadCache::put(Span* span, StreamHandle stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins* const bins = of(stream);
    if (bins == nullptr) return false;
    bins->used = ++clock_;
    counts_.allocated_bytes -= static_cast<std::ptrdiff_t>(span->bytes);
    --counts_.allocated_blocks;
    push(*bins, span);
    too_full_ = counts_.cached_bytes > max_bytes_ || bins->count[size_class(span->bytes)] > max_of_a_class;
    return true;
}

bool ThreadCache::open(StreamKey stream, SpanBatch& evicted) noexcept {
    const OwnerLock lock(mutex_);
    if (of(stream) != nullptr) return true;
    std::unique_ptr<Bins>* place = &bins_.front();
    for (auto& bins : bins_) {
        if (!bins) {
            bins.reset(new (std::nothrow) Bins);
            if (!bins) return false;
            place = &bins;
            break;
        }
        const bool emptier = (bins->bytes == 0) > ((*place)->bytes == 0);
        const bool as_empty = (bins->bytes == 0) == ((*place)->bytes == 0);
        if (emptier || (as_empty && bins->used < (*place)->used)) place = &bins;
    }
    Bins& bins = **place;
    empty(bins, evicted, 0);
    bins.stream = stream;
    bins.dead = false;
    bins.used = ++clock_;
    last_ = &bins;
    return true;
}

bool ThreadCache::has(StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    return of(stream) != nullptr;
}

void ThreadCache::refill(SpanStack spans, StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins& bins = *of(stream);
    SpanStack turned;
    while (!spans.empty()) turned.push(spans.pop());
    while (!turned.empty()) push(bins, turned.pop());
}

// The biggest first: they are what the bytes are.
void ThreadCache::empty(Bins& bins, SpanBatch& flushed, std::size_t down_to) noexcept {
    flushed.stream = bins.stream.id;
    flushed.uniform = FreeBatch::mixed;
    for (SizeClass index = cached_class_count; index-- > 0 && bins.bytes > down_to;) {
        while (bins.bytes > down_to) {
            Span* const span = pop(bins, index);
            if (span == nullptr) break;
            flushed.spans.push(span);
        }
    }
}

SpanBatch ThreadCache::flush_excess(StreamHandle stream) noexcept {
    const OwnerLock lock(mutex_);
    too_full_ = false;
    SpanBatch flushed;
    Bins* bins = of(stream);
    if (bins == nullptr) return flushed;
    for (SizeClass index = 0; index < rounded_class_count; ++index) {
        if (bins->count[index] <= max_of_a_class) continue;
        flushed.stream = bins->stream.id;
        flushed.uniform = index;
        while (bins->count[index] > max_of_a_class / 2) flushed.spans.push(pop(*bins, index));
        return flushed;
    }
    if (counts_.cached_bytes <= max_bytes_) return flushed;
    // Half of what is here, or all where others of the thread's streams hold more than this one.
    const std::size_t elsewhere = counts_.cached_bytes - bins->bytes;
    empty(*bins, flushed, elsewhere > max_bytes_ / 2 ? 0 : max_bytes_ / 2 - elsewhere);
    return flushed;
}

SpanBatch ThreadCache::flush_large(StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    SpanBatch flushed{{}, stream.id, FreeBatch::mixed};
    Bins* const bins = of(stream);
    if (bins == nullptr) return flushed;
    for (SizeClass index = last_small_class + 1; bins->large > 0; ++index) {
        while (Span* const span = pop(*bins, index)) flushed.spans.push(span);
    }
    return flushed;
}

bool ThreadCache::flush(SpanBatch& flushed) noexcept {
    const RevokerLock lock(mutex_);
    for (const auto& bins : bins_) {
        if (!bins || bins->bytes == 0) continue;
        empty(*bins, flushed, 0);
        return true;
    }
    return false;
}

ThreadCache::Counts ThreadCache::counts() const noexcept {
    const RevokerLock lock(mutex_);
    Counts counts = counts_;
    for (const auto& bins : bins_) {
        if (!bins) continue;
        for (const std::uint32_t count : bins->count) counts.cached_blocks += count;
    }
    return counts;
}

}  // namespace triune
