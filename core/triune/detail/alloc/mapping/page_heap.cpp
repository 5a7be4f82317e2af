// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/mapping/page_heap.hpp>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>
#include <triune/detail/alloc/mapping/free_chunks.hpp>
#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/base/memory_watch.hpp>

namespace triune {
namespace {

std::size_t bytes_of(const std::vector<PoolChunk*>& chunks) noexcept {
    std::size_t bytes = 0;
    for (const PoolChunk* chunk : chunks) bytes += chunk->chunk.bytes;
    return bytes;
}

bool reaches_aliases(const Span& span) noexcept {
    return span.segment->extent(span).offset + span.bytes > span.segment->mappings->primary_bytes();
}

}  // namespace

PageHeap::~PageHeap() {
    for (const auto& segment : segments_) {
        if (segment->is_plain()) release_plain(device(), *segment);
    }
}

void PageHeap::release_plain(Device& device, const Segment& segment) noexcept {
    if (const MemoryWatch* const watch = memory_watch()) watch->pool_gives_back(segment.data);
    report_teardown(device.memory_release(segment.data), "releasing the pool's memory");
}

void PageHeap::grow(std::size_t bytes, std::size_t step, FreeList& free, StreamOrder order) {
    const DeviceProperties& device_has = device().properties();
    if (!device_has.virtual_memory) return add_plain_segment(std::max(bytes, step), free);
    if (bytes > device_has.total_bytes) {
        throw out_of_memory(byte_text(bytes) + " are more than the device has");
    }
    reserve_addresses();
    restore_primary(free);
    if (free.find(bytes) != nullptr) return;
    const FreeChunks free_chunks(*segments_.front(), free);
    if (const AliasPart part = find_alias(bytes, free_chunks); !part.chunks.empty()) {
        return move_to(part, free_chunks, free, &free != &free_);
    }

    std::vector<PoolChunk*> chunks = free_chunks.gather(bytes);
    const std::size_t found = bytes_of(chunks);
    const PrimaryPlace place = find_primary_place(bytes, &free);
    max_used_ = std::max(max_used_, reserved_ - free.bytes() + bytes);
    const bool slack = reserved_ + place.missing <= max_used_ + max_slack();
    const bool least = found + place.missing <= round_up(bytes, mappings_->granularity());
    if (place.unmapped != nullptr && (slack || least)) {
        static_cast<void>(map_primary(place, step, free));
        return;
    }
    if (found < bytes) {
        // These are free at their primary mappings, whatever fails from here on.
        const auto fresh = map_primary(find_primary_place(bytes - found, nullptr), step, free);
        for (std::size_t sum = found; PoolChunk* const chunk : fresh) {
            if (sum >= bytes) break;
            sum += chunk->chunk.bytes;
            chunks.push_back(chunk);
        }
    }
    const FreeChunks now(*segments_.front(), free);
    const Alias& alias = mappings_->make_alias(std::move(chunks), order);
    move_to({alias.offset, alias.chunks}, now, free, &free != &free_);
}

// A program that has just begun would else pay for aliases of memory that it is about to fill.
std::size_t PageHeap::max_slack() const noexcept {
    const std::size_t first = 2 * ChunkPool::max_whole_bytes();
    return std::max(max_used_ / slack_divisor, std::min(first, device().properties().total_bytes / device_divisor));
}

void PageHeap::note_free(const Span& span) noexcept {
    const Segment& segment = *span.segment;
    FreeList& list = *span.free_in;
    if (list.any_aliased() || segment.is_plain() || span.bytes < segment.mappings->granularity()) return;
    if (!reaches_aliases(span)) return;
    visit_chunks(segment, span, [&list](const PoolChunk& chunk) {
        list.note_aliased(chunk.active != chunk.primary);
        return !list.any_aliased();
    });
}

// Chunks that are free at an alias are used at their primary mappings again, beside what else is free there.
void PageHeap::restore_primary(FreeList& free) {
    if (!free.any_aliased()) return;
    const Segment& segment = *segments_.front();
    std::vector<Move> moves;
    for (auto each = free.spans().rbegin(); each != free.spans().rend(); ++each) {
        if (each->bytes < segment.mappings->granularity()) break;
        if (!reaches_aliases(*each)) continue;
        visit_chunks(segment, *each, [&](PoolChunk& chunk) {
            if (chunk.active != chunk.primary) moves.push_back({&chunk, &*each, chunk.primary});
            return true;
        });
    }
    if (!moves.empty()) move(std::move(moves), free, &free != &free_);
    free.note_aliased(false);
}

void PageHeap::check_aliased(const FreeList& free) const {
    if (free.any_aliased() || mappings_ == nullptr) return;
    for (const Span& span : free.spans()) {
        if (span.segment->heap != this) continue;
        visit_chunks(*span.segment, span, [](const PoolChunk& chunk) {
            if (chunk.active != chunk.primary)
                throw std::logic_error("a list has a chunk at an alias and does not know");
            return true;
        });
    }
}

std::uint64_t PageHeap::drop_aliases() noexcept { return mappings_ != nullptr ? mappings_->drop_aliases() : 0; }

void PageHeap::waited_for(std::uint64_t time) noexcept {
    if (mappings_ != nullptr) mappings_->waited_for(time);
}

// Of the smallest that are large enough the oldest whose first chunks, as many as are needed, are all free.
PageHeap::AliasPart PageHeap::find_alias(std::size_t bytes, const FreeChunks& free_chunks) const noexcept {
    const auto& aliases = mappings_->aliases();
    int asked = 0;
    for (auto each = aliases.lower_bound(bytes); each != aliases.end() && asked < max_aliases_asked; ++each, ++asked) {
        const auto& chunks = each->second.chunks;
        std::size_t count = 0;
        std::size_t sum = 0;
        while (sum < bytes && free_chunks.span_of(*chunks[count]) != nullptr) sum += chunks[count++]->chunk.bytes;
        if (sum < bytes) continue;
        mappings_->note_used(each->second);
        return {each->second.offset, std::span(chunks).first(count)};
    }
    return {};
}

// Where the least is missing: behind free memory, or behind the last primary mapping within an unmapped span. Of equal
// places the tightest, so that wide ones stay wide. Only what is `joined` with free memory may do with less than all of
// the bytes.
PageHeap::PrimaryPlace PageHeap::find_primary_place(std::size_t bytes, const FreeList* joined) noexcept {
    const Segment& segment = *segments_.front();
    const AliasMappings& mappings = *mappings_;
    PrimaryPlace best;
    const auto offer = [&](Span& unmapped, std::size_t begin, std::size_t end, std::size_t there) {
        const std::size_t missing = round_up(bytes - std::min(there, bytes), mappings.granularity());
        if (begin + missing > end || (best.unmapped != nullptr && missing >= best.missing)) return;
        best = {&unmapped, begin, missing, end - begin};
    };
    for (Span& unmapped : unmapped_.spans()) {
        const auto [begin, length] = segment.extent(unmapped);
        if (begin >= mappings.primary_bytes()) continue;
        const std::size_t end = std::min(begin + length, mappings.primary_bytes());
        const Span* const before = unmapped.previous;
        const bool joins = joined != nullptr && before != nullptr && before->free_in == joined;
        const auto first = mappings.mapped().lower_bound(begin);
        const bool mapped = first != mappings.mapped().end() && first->first < end;
        offer(unmapped, begin, mapped ? first->first : end, joins ? before->bytes : 0);
        if (!mapped) continue;
        const auto& [last, mapping] = *std::prev(mappings.mapped().lower_bound(end));
        offer(unmapped, last + mapping.bytes, end, 0);
    }
    return best;
}

// Maps what is missing there, or up to `step` more.
std::vector<PoolChunk*> PageHeap::map_primary(const PrimaryPlace& place, std::size_t step, FreeList& free) {
    if (place.unmapped == nullptr) throw out_of_memory("no addresses are left for more memory");
    const std::size_t spare = chunks_.spare_bytes(place.missing);
    std::size_t more = place.missing;
    if (more > spare) more = spare + std::max(more - spare, round_up(step, mappings_->granularity()));
    more = std::min(more, place.room);
    records_.reserve_spans(2);
    std::vector<PoolChunk*> chunks = mappings_->map_primary(place.offset, more);
    reserved_ += more;
    mark_mapped({place.offset, more}, free);
    return chunks;
}

void PageHeap::move_to(AliasPart part, const FreeChunks& free_chunks, FreeList& free, bool stream_free) {
    std::vector<Move> moves;
    for (std::size_t offset = part.offset; PoolChunk* const chunk : part.chunks) {
        moves.push_back({chunk, free_chunks.span_of(*chunk), offset});
        offset += chunk->chunk.bytes;
    }
    move(std::move(moves), free, stream_free);
}

// Free chunks change their active mappings; `stream_free` says that a stream's queued work may still use them. Throws
// std::bad_alloc, and then none has.
void PageHeap::move(std::vector<Move> moves, FreeList& free, bool stream_free) {
    std::vector<Extent> to;
    std::sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) { return a.to < b.to; });
    for (const Move& each : moves) {
        if (to.empty() || to.back().offset + to.back().bytes != each.to) to.push_back({each.to, 0});
        to.back().bytes += each.chunk->chunk.bytes;
    }
    // From the highest down: what is cut from a span's end leaves its record to the rest.
    std::vector<std::pair<Span*, Extent>> from;
    std::sort(moves.begin(), moves.end(),
              [](const Move& a, const Move& b) { return a.chunk->active > b.chunk->active; });
    for (const auto& [chunk, span, target] : moves) {
        const std::size_t bytes = chunk->chunk.bytes;
        const bool adjoins = !from.empty() && chunk->active + bytes == from.back().second.offset;
        if (!adjoins) from.push_back({span, {chunk->active, 0}});
        from.back().second = {chunk->active, from.back().second.bytes + bytes};
    }
    records_.reserve_spans(2 * (from.size() + to.size()));
    for (const Move& each : moves) {
        each.chunk->active = each.to;
        each.chunk->moved_in_order_of_a_stream = stream_free;
    }
    for (const Extent& place : to) mark_mapped(place, free);
    for (const auto& [span, place] : from) mark_unmapped(span, place);
}

// The first unmapped span is all of the addresses.
void PageHeap::reserve_addresses() {
    if (!segments_.empty()) return;
    records_.reserve_spans(1);
    auto segment = std::make_unique<Segment>();
    segment->heap = this;
    segments_.reserve(1);
    mappings_ = std::make_unique<AliasMappings>(chunks_, addresses_per_byte * device().properties().total_bytes);
    segment->mappings = mappings_.get();
    segment->data = mappings_->data();
    segment->bytes = mappings_->reserved_bytes();
    Span* const record = records_.acquire_span();
    segment->cover(record);
    unmapped_.insert(record);
    segments_.push_back(std::move(segment));
}

// There are two records for it, and none of the place is in use: its chunks are used elsewhere or released.
void PageHeap::mark_unmapped(Span* span, Extent place) noexcept {
    Segment& segment = *span->segment;
    FreeList& free = *span->free_in;
    free.remove(span);
    Span* unmapped = span;
    const std::size_t before = place.offset - segment.extent(*span).offset;
    if (before > 0) {
        unmapped = records_.acquire_span();
        segment.split(span, before, unmapped);
    }
    Span* behind = nullptr;
    if (unmapped->bytes > place.bytes) {
        behind = records_.acquire_span();
        segment.split(unmapped, place.bytes, behind);
        behind->become_moving();
    }
    unmapped_.insert(unmapped);
    if (behind != nullptr) free.insert(behind);
    if (before > 0) free.insert(span);
}

// There are two records for it, and memory is mapped there.
void PageHeap::mark_mapped(Extent place, FreeList& free) noexcept {
    Segment& segment = *segments_.front();
    Span* const unmapped = unmapped_.containing(segment.data + place.offset);
    unmapped_.remove(unmapped);
    Span* mapped = unmapped;
    const std::size_t before = place.offset - segment.extent(*unmapped).offset;
    if (before > 0) {
        mapped = records_.acquire_span();
        segment.split(unmapped, before, mapped);
    }
    mapped->become_moving();
    if (mapped->bytes > place.bytes) {
        Span* const behind = records_.acquire_span();
        segment.split(mapped, place.bytes, behind);
        unmapped_.insert(behind);
    }
    if (before > 0) unmapped_.insert(unmapped);
    free.insert(mapped);
}

void PageHeap::add_plain_segment(std::size_t bytes, FreeList& free) {
    records_.reserve_spans(1);
    auto segment = std::make_unique<Segment>();
    segment->heap = this;
    segments_.reserve(segments_.size() + 1);
    void* data = nullptr;
    check(device().memory_allocate(data, bytes), "allocating device memory for the pool");
    segment->data = static_cast<std::byte*>(data);
    segment->bytes = bytes;
    reserved_ += bytes;
    if (const MemoryWatch* const watch = memory_watch()) watch->pool_has(data, bytes);
    Span* const record = records_.acquire_span();
    segment->cover(record);
    segments_.push_back(std::move(segment));
    free.insert(record);
}

std::size_t PageHeap::trim(std::vector<std::unique_ptr<Segment>>& plain) noexcept {
    const std::size_t before = reserved_;
    if (device().properties().virtual_memory) {
        drop_aliases();
        while (release_some()) {
        }
        chunks_.trim();
        return before - reserved_;
    }
    try {
        plain.reserve(plain.size() + segments_.size());
    } catch (const std::bad_alloc&) {  // another time
        return 0;
    }
    std::erase_if(segments_, [&](std::unique_ptr<Segment>& segment) {
        if (segment->first != segment->last || segment->first->state != SpanState::free) return false;
        free_.remove(segment->first);
        records_.release(segment->first);
        reserved_ -= segment->bytes;
        plain.push_back(std::move(segment));
        return true;
    });
    return before - reserved_;
}

// Releases whole free chunks next to one another, of the biggest span that has any; false where none has.
bool PageHeap::release_some() noexcept {
    try {
        records_.reserve_spans(2);
    } catch (...) {  // no memory for the records: the span stays whole
        return false;
    }
    for (auto each = free_.spans().rbegin(); each != free_.spans().rend(); ++each) {
        if (each->bytes < device().properties().chunk_granularity) return false;
        const Extent freed = release_within(*each);
        if (freed.bytes == 0) continue;
        reserved_ -= freed.bytes;
        mark_unmapped(&*each, freed);
        return true;
    }
    return false;
}

// From the span's end on, as far as the device does it and without a gap.
Extent PageHeap::release_within(const Span& span) noexcept {
    AliasMappings& mappings = *mappings_;
    const auto [begin, length] = span.segment->extent(span);
    Extent freed{begin + length, 0};
    for (auto next = mappings.mapped().lower_bound(begin + length); next != mappings.mapped().begin();) {
        const auto last = std::prev(next);
        const auto [offset, mapping] = *last;
        if (offset < begin) break;
        if (offset + mapping.bytes > begin + length) {  // reaches out of the span
            next = last;
            continue;
        }
        const bool adjoins = freed.bytes == 0 || offset + mapping.bytes == freed.offset;
        if (!adjoins || !mappings.release(*mapping.chunk)) break;
        freed = {offset, freed.bytes + mapping.bytes};
        next = mappings.mapped().lower_bound(offset);
    }
    return freed;
}

}  // namespace triune
