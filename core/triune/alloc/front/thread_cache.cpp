// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/front/thread_cache.hpp>

#include <new>
#include <utility>

#include <triune/alloc/span/free_batch.hpp>

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

inline void ThreadCache::push(Bins& bins, Range* range, bool zeroed) noexcept {
    const SizeClass index = size_class(range->bytes);
    range->state = RangeState::cached;
    (zeroed ? bins.zeroed[index] : bins.stack[index]).push(range);
    ++bins.count[index];
    bins.large += index > last_small_class ? 1 : 0;
    bins.bytes += range->bytes;
    counts_.cached_bytes += range->bytes;
}

void ThreadCache::note_removed(Bins& bins, SizeClass index, const Range& range) noexcept {
    --bins.count[index];
    bins.large -= index > last_small_class ? 1 : 0;
    bins.bytes -= range.bytes;
    counts_.cached_bytes -= range.bytes;
}

Range* ThreadCache::pop(Bins& bins, SizeClass index) noexcept {
    if (bins.count[index] == 0) return nullptr;
    Range* const range = bins.stack[index].empty() ? bins.zeroed[index].pop() : bins.stack[index].pop();
    note_removed(bins, index, *range);
    return range;
}

inline Range* ThreadCache::hand_out(Bins& bins, Range* range) noexcept {
    bins.used = ++clock_;
    range->state = RangeState::live;
    counts_.live_bytes += static_cast<std::ptrdiff_t>(range->bytes);
    ++counts_.live_blocks;
    return range;
}

// Blocks of such a class differ in size: looks a few deep for one that is big enough.
Range* ThreadCache::pop_fitting(Bins& bins, SizeClass index, std::size_t bytes) noexcept {
    constexpr int deep = 4;
    Range** link = &bins.stack[index].top;
    for (int i = 0; i < deep && *link != nullptr; ++i, link = &(*link)->below) {
        Range* const range = *link;
        if (range->bytes < bytes) continue;
        *link = range->below;
        note_removed(bins, index, *range);
        return range;
    }
    return nullptr;
}

Range* ThreadCache::take(std::size_t bytes, StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins* const bins = of(stream);
    if (bins == nullptr) return nullptr;
    const SizeClass index = size_class(bytes);
    Range* range = nullptr;
    if (bytes <= largest_rounded_bytes) {
        range = pop(*bins, index);
    } else {
        range = pop_fitting(*bins, index, bytes);
        // All of the next class are big enough, by an eighth at most.
        if (range == nullptr && index + 1 < cached_class_count) range = pop(*bins, index + 1);
    }
    return range == nullptr ? nullptr : hand_out(*bins, range);
}

Range* ThreadCache::take_zeroed(std::size_t bytes, StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins* const bins = of(stream);
    const SizeClass index = size_class(bytes);
    if (bins == nullptr || bins->zeroed[index].empty()) return nullptr;
    Range* const range = bins->zeroed[index].pop();
    note_removed(*bins, index, *range);
    return hand_out(*bins, range);
}

RangeStack ThreadCache::take_to_zero(std::size_t bytes, StreamKey stream, std::size_t most) noexcept {
    const OwnerLock lock(mutex_);
    RangeStack taken;
    Bins* const bins = of(stream);
    const SizeClass index = size_class(bytes);
    if (bins == nullptr || !bins->zeroed_before[index]) {
        if (bins != nullptr) bins->zeroed_before.set(index);
        return taken;
    }
    for (; most > 0 && !bins->stack[index].empty(); --most) {
        taken.push(bins->stack[index].pop());
        note_removed(*bins, index, *taken.top);
    }
    return taken;
}

void ThreadCache::keep_zeroed(RangeStack ranges, StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins& bins = *of(stream);
    while (!ranges.empty()) push(bins, ranges.pop(), true);
}

bool ThreadCache::put(Range* range, StreamHandle stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins* const bins = of(stream);
    if (bins == nullptr) return false;
    bins->used = ++clock_;
    counts_.live_bytes -= static_cast<std::ptrdiff_t>(range->bytes);
    --counts_.live_blocks;
    push(*bins, range);
    too_full_ = counts_.cached_bytes > most_bytes_ || bins->count[size_class(range->bytes)] > most_of_a_class;
    return true;
}

bool ThreadCache::open(StreamKey stream, Surplus& evicted) noexcept {
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

void ThreadCache::refill(RangeStack ranges, StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Bins& bins = *of(stream);
    RangeStack turned;
    while (!ranges.empty()) turned.push(ranges.pop());
    while (!turned.empty()) push(bins, turned.pop());
}

// The biggest first: they are what the bytes are.
void ThreadCache::empty(Bins& bins, Surplus& taken, std::size_t down_to) noexcept {
    taken.stream = bins.stream.id;
    taken.uniform = FreeBatch::mixed;
    for (SizeClass index = cached_class_count; index-- > 0 && bins.bytes > down_to;) {
        while (bins.bytes > down_to) {
            Range* const range = pop(bins, index);
            if (range == nullptr) break;
            taken.ranges.push(range);
        }
    }
}

Surplus ThreadCache::surplus(StreamHandle stream) noexcept {
    const OwnerLock lock(mutex_);
    too_full_ = false;
    Surplus taken;
    Bins* bins = of(stream);
    if (bins == nullptr) return taken;
    for (SizeClass index = 0; index < rounded_class_count; ++index) {
        if (bins->count[index] <= most_of_a_class) continue;
        taken.stream = bins->stream.id;
        taken.uniform = index;
        while (bins->count[index] > most_of_a_class / 2) taken.ranges.push(pop(*bins, index));
        return taken;
    }
    if (counts_.cached_bytes <= most_bytes_) return taken;
    // Half of what is here, or all where others of the thread's streams hold more than this one.
    const std::size_t elsewhere = counts_.cached_bytes - bins->bytes;
    empty(*bins, taken, elsewhere > most_bytes_ / 2 ? 0 : most_bytes_ / 2 - elsewhere);
    return taken;
}

Surplus ThreadCache::take_large(StreamKey stream) noexcept {
    const OwnerLock lock(mutex_);
    Surplus taken{{}, stream.id, FreeBatch::mixed};
    Bins* const bins = of(stream);
    if (bins == nullptr) return taken;
    for (SizeClass index = last_small_class + 1; bins->large > 0; ++index) {
        while (Range* const range = pop(*bins, index)) taken.ranges.push(range);
    }
    return taken;
}

bool ThreadCache::take_all(Surplus& taken) noexcept {
    const RevokerLock lock(mutex_);
    for (const auto& bins : bins_) {
        if (!bins || bins->bytes == 0) continue;
        empty(*bins, taken, 0);
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
