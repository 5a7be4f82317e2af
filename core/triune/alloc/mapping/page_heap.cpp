// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/mapping/page_heap.hpp>

#include <algorithm>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <triune/alloc/mapping/free_chunks.hpp>
#include <triune/base/error.hpp>
#include <triune/base/memory_watch.hpp>
#include <triune/base/units.hpp>

namespace triune {
namespace {

std::size_t bytes_of(const std::vector<SeatedChunk*>& chunks) noexcept {
    std::size_t bytes = 0;
    for (const SeatedChunk* chunk : chunks) bytes += chunk->chunk.bytes;
    return bytes;
}

bool reaches_views(const Range& range) noexcept {
    return range.slab->extent(range).offset + range.bytes > range.slab->arena->home_bytes();
}

}  // namespace

PoolMemory::~PoolMemory() {
    for (const auto& slab : slabs_) {
        if (!slab->is_plain()) continue;
        if (const MemoryWatch* const watch = memory_watch()) watch->pool_gives_back(slab->data);
        report_teardown(device().memory_release(slab->data), "releasing the pool's memory");
    }
}

void PoolMemory::grow(std::size_t bytes, std::size_t step, FreeList& free, StreamOrder order) {
    const DeviceProperties& device_has = device().properties();
    if (!device_has.virtual_memory) return add_plain_slab(std::max(bytes, step), free);
    if (bytes > device_has.total_bytes) {
        throw out_of_memory(std::to_string(bytes) + " bytes are more than the device has");
    }
    reserve_addresses();
    send_home(free);
    if (free.find(bytes) != nullptr) return;
    PoolArena& arena = *slabs_.front()->arena;
    const IdleChunks idle(*slabs_.front(), free);
    if (const Seats seats = find_seats(bytes, idle); !seats.chunks.empty()) {
        return move_to(seats, idle, free, &free != &idle_);
    }

    std::vector<SeatedChunk*> chunks = idle.gather(bytes);
    const std::size_t found = bytes_of(chunks);
    const Home home = find_home(bytes, &free);
    most_used_ = std::max(most_used_, reserved_ - free.bytes() + bytes);
    const bool slack = reserved_ + home.missing <= most_used_ + most_used_ / slack_part;
    if (home.hole != nullptr && (slack || found + home.missing <= round_up(bytes, arena.granularity()))) {
        static_cast<void>(settle(home, step, free));
        return;
    }
    if (found < bytes) {
        // These are idle at home, whatever fails from here on.
        const auto fresh = settle(find_home(bytes - found, nullptr), step, free);
        for (std::size_t sum = found; SeatedChunk* const chunk : fresh) {
            if (sum >= bytes) break;
            sum += chunk->chunk.bytes;
            chunks.push_back(chunk);
        }
    }
    const IdleChunks now(*slabs_.front(), free);
    const View& view = arena.make_view(std::move(chunks), order);
    move_to({view.offset, view.chunks}, now, free, &free != &idle_);
}

void PoolMemory::note_free(const Range& range) noexcept {
    const Slab& slab = *range.slab;
    FreeList& list = *range.free_in;
    if (list.any_away() || slab.is_plain() || range.bytes < slab.arena->granularity() || !reaches_views(range)) return;
    visit_chunks(slab, range, [&list](const SeatedChunk& chunk) {
        list.note_away(chunk.seat != chunk.home);
        return !list.any_away();
    });
}

// Chunks that lie idle in a view take their seats at home, where they are neighbours again of what lies idle there.
void PoolMemory::send_home(FreeList& free) {
    if (!free.any_away()) return;
    const Slab& slab = *slabs_.front();
    std::vector<Move> moves;
    for (auto each = free.ranges().rbegin(); each != free.ranges().rend(); ++each) {
        if (each->bytes < slab.arena->granularity()) break;
        if (!reaches_views(*each)) continue;
        visit_chunks(slab, *each, [&](SeatedChunk& chunk) {
            if (chunk.seat != chunk.home) moves.push_back({&chunk, &*each, chunk.home});
            return true;
        });
    }
    if (!moves.empty()) move(std::move(moves), free, &free != &idle_);
    free.note_away(false);
}

void PoolMemory::check_away(const FreeList& free) const {
    if (free.any_away() || slabs_.empty() || slabs_.front()->is_plain()) return;
    for (const Range& range : free.ranges()) {
        if (range.slab->memory != this) continue;
        visit_chunks(*range.slab, range, [](const SeatedChunk& chunk) {
            if (chunk.seat != chunk.home) throw std::logic_error("a list has a chunk away from home and does not know");
            return true;
        });
    }
}

std::uint64_t PoolMemory::drop_views() noexcept {
    const bool any = !slabs_.empty() && !slabs_.front()->is_plain();
    return any ? slabs_.front()->arena->drop_views() : 0;
}

void PoolMemory::waited_for(std::uint64_t time) noexcept {
    if (!slabs_.empty() && !slabs_.front()->is_plain()) slabs_.front()->arena->waited_for(time);
}

// Of the smallest that are large enough the oldest whose first chunks, as many as are needed, are all idle.
PoolMemory::Seats PoolMemory::find_seats(std::size_t bytes, const IdleChunks& idle) const noexcept {
    const auto& views = slabs_.front()->arena->views();
    int asked = 0;
    for (auto each = views.lower_bound(bytes); each != views.end() && asked < most_views_asked; ++each, ++asked) {
        const auto& chunks = each->second.chunks;
        std::size_t count = 0;
        std::size_t sum = 0;
        while (sum < bytes && idle.range_of(*chunks[count]) != nullptr) sum += chunks[count++]->chunk.bytes;
        if (sum < bytes) continue;
        slabs_.front()->arena->note_used(each->second);
        return {each->second.offset, std::span(chunks).first(count)};
    }
    return {};
}

// Where the least is missing, behind idle memory or behind the last home in a hole; of equal places the tightest, so
// that wide ones stay wide. Only what is `joined` with idle memory may do with less than all of the bytes.
PoolMemory::Home PoolMemory::find_home(std::size_t bytes, const FreeList* joined) noexcept {
    const Slab& slab = *slabs_.front();
    const PoolArena& arena = *slab.arena;
    Home best;
    const auto offer = [&](Range& hole, std::size_t begin, std::size_t end, std::size_t there) {
        const std::size_t missing = round_up(bytes - std::min(there, bytes), arena.granularity());
        if (begin + missing > end || (best.hole != nullptr && missing >= best.missing)) return;
        best = {&hole, begin, missing, end - begin};
    };
    for (Range& hole : holes_.ranges()) {
        const auto [begin, length] = slab.extent(hole);
        if (begin >= arena.home_bytes()) continue;
        const std::size_t end = std::min(begin + length, arena.home_bytes());
        const Range* const before = hole.previous;
        const bool idle = joined != nullptr && before != nullptr && before->free_in == joined;
        const auto first = arena.mapped().lower_bound(begin);
        const bool mapped = first != arena.mapped().end() && first->first < end;
        offer(hole, begin, mapped ? first->first : end, idle ? before->bytes : 0);
        if (!mapped) continue;
        const auto& [last, mapping] = *std::prev(arena.mapped().lower_bound(end));
        offer(hole, last + mapping.bytes, end, 0);
    }
    return best;
}

// Gives what is missing there a home, in steps.
std::vector<SeatedChunk*> PoolMemory::settle(const Home& home, std::size_t step, FreeList& free) {
    PoolArena& arena = *slabs_.front()->arena;
    if (home.hole == nullptr) throw out_of_memory("no addresses are left for more memory");
    const std::size_t spare = chunks_.spare_bytes(home.missing);
    std::size_t more = home.missing;
    if (more > spare) more = spare + std::max(more - spare, round_up(step, arena.granularity()));
    more = std::min(more, home.room);
    records_.reserve_ranges(2);
    std::vector<SeatedChunk*> chunks = arena.settle(home.offset, more);
    reserved_ += more;
    fill_hole({home.offset, more}, free);
    return chunks;
}

void PoolMemory::move_to(Seats seats, const IdleChunks& idle, FreeList& free, bool loose) {
    std::vector<Move> moves;
    for (std::size_t offset = seats.offset; SeatedChunk* const chunk : seats.chunks) {
        moves.push_back({chunk, idle.range_of(*chunk), offset});
        offset += chunk->chunk.bytes;
    }
    move(std::move(moves), free, loose);
}

// Free chunks change their seats; `loose` says that a stream's queued work may still use them. Throws std::bad_alloc,
// and then none has.
void PoolMemory::move(std::vector<Move> moves, FreeList& free, bool loose) {
    std::vector<Extent> to;
    std::sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) { return a.to < b.to; });
    for (const Move& each : moves) {
        if (to.empty() || to.back().offset + to.back().bytes != each.to) to.push_back({each.to, 0});
        to.back().bytes += each.chunk->chunk.bytes;
    }
    // From the highest down: what is cut from a range's end leaves its record to the rest.
    std::vector<std::pair<Range*, Extent>> from;
    std::sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) { return a.chunk->seat > b.chunk->seat; });
    for (const auto& [chunk, range, seat] : moves) {
        const std::size_t bytes = chunk->chunk.bytes;
        if (from.empty() || chunk->seat + bytes != from.back().second.offset) from.push_back({range, {chunk->seat, 0}});
        from.back().second = {chunk->seat, from.back().second.bytes + bytes};
    }
    records_.reserve_ranges(2 * (from.size() + to.size()));
    for (const Move& each : moves) {
        each.chunk->seat = each.to;
        each.chunk->left_in_order_of_a_stream = loose;
    }
    for (const Extent& place : to) fill_hole(place, free);
    for (const auto& [range, place] : from) make_hole(range, place);
}

// The first hole is all of the addresses.
void PoolMemory::reserve_addresses() {
    if (!slabs_.empty()) return;
    records_.reserve_ranges(1);
    auto slab = std::make_unique<Slab>();
    slab->memory = this;
    slabs_.reserve(1);
    slab->arena = std::make_unique<PoolArena>(chunks_, addresses_per_byte * device().properties().total_bytes);
    slab->data = slab->arena->data();
    slab->bytes = slab->arena->reserved_bytes();
    Range* const record = records_.range();
    slab->cover(record);
    holes_.insert(record);
    slabs_.push_back(std::move(slab));
}

// There are two records for it, and none of the place is in use: what was there has another seat or is released.
void PoolMemory::make_hole(Range* range, Extent place) noexcept {
    Slab& slab = *range->slab;
    FreeList& free = *range->free_in;
    free.remove(range);
    Range* hole = range;
    const std::size_t before = place.offset - slab.extent(*range).offset;
    if (before > 0) {
        hole = records_.range();
        slab.split(range, before, hole);
    }
    Range* behind = nullptr;
    if (hole->bytes > place.bytes) {
        behind = records_.range();
        slab.split(hole, place.bytes, behind);
        behind->state = RangeState::between;  // nobody's yet: neither list may merge over it
    }
    holes_.insert(hole);
    if (behind != nullptr) free.insert(behind);
    if (before > 0) free.insert(range);
}

// There are two records for it, and memory is mapped there.
void PoolMemory::fill_hole(Extent place, FreeList& free) noexcept {
    Slab& slab = *slabs_.front();
    Range* const hole = holes_.containing(slab.data + place.offset);
    holes_.remove(hole);
    Range* filled = hole;
    const std::size_t before = place.offset - slab.extent(*hole).offset;
    if (before > 0) {
        filled = records_.range();
        slab.split(hole, before, filled);
    }
    filled->state = RangeState::between;  // nobody's yet: neither list may merge over it
    if (filled->bytes > place.bytes) {
        Range* const behind = records_.range();
        slab.split(filled, place.bytes, behind);
        holes_.insert(behind);
    }
    if (before > 0) holes_.insert(hole);
    free.insert(filled);
}

void PoolMemory::add_plain_slab(std::size_t bytes, FreeList& free) {
    records_.reserve_ranges(1);
    auto slab = std::make_unique<Slab>();
    slab->memory = this;
    slabs_.reserve(slabs_.size() + 1);
    void* data = nullptr;
    check(device().memory_allocate(data, bytes), "allocating device memory for the pool");
    slab->data = static_cast<std::byte*>(data);
    slab->bytes = bytes;
    reserved_ += bytes;
    if (const MemoryWatch* const watch = memory_watch()) watch->pool_has(data, bytes);
    Range* const record = records_.range();
    slab->cover(record);
    slabs_.push_back(std::move(slab));
    free.insert(record);
}

std::size_t PoolMemory::give_back(std::vector<std::unique_ptr<Slab>>& plain) noexcept {
    const std::size_t before = reserved_;
    if (device().properties().virtual_memory) {
        drop_views();
        while (release_some()) {
        }
        chunks_.trim();
        return before - reserved_;
    }
    try {
        plain.reserve(plain.size() + slabs_.size());
    } catch (const std::bad_alloc&) {  // another time
        return 0;
    }
    std::erase_if(slabs_, [&](std::unique_ptr<Slab>& slab) {
        if (slab->first != slab->last || slab->first->state != RangeState::idle) return false;
        idle_.remove(slab->first);
        records_.put_back(slab->first);
        reserved_ -= slab->bytes;
        plain.push_back(std::move(slab));
        return true;
    });
    return before - reserved_;
}

// Releases whole idle chunks next to one another, of the biggest range that has any; false where none has.
bool PoolMemory::release_some() noexcept {
    try {
        records_.reserve_ranges(2);
    } catch (...) {  // no memory for the records: the range stays whole
        return false;
    }
    for (auto each = idle_.ranges().rbegin(); each != idle_.ranges().rend(); ++each) {
        if (each->bytes < device().properties().chunk_granularity) return false;
        const Extent freed = release_within(*each);
        if (freed.bytes == 0) continue;
        reserved_ -= freed.bytes;
        make_hole(&*each, freed);
        return true;
    }
    return false;
}

// From the range's end on, as far as the device does it and without a gap.
Extent PoolMemory::release_within(const Range& range) noexcept {
    PoolArena& arena = *range.slab->arena;
    const auto [begin, length] = range.slab->extent(range);
    Extent freed{begin + length, 0};
    for (auto next = arena.mapped().lower_bound(begin + length); next != arena.mapped().begin();) {
        const auto last = std::prev(next);
        const auto [offset, mapping] = *last;
        if (offset < begin) break;
        if (offset + mapping.bytes > begin + length) {  // reaches out of the range
            next = last;
            continue;
        }
        const bool adjoins = freed.bytes == 0 || offset + mapping.bytes == freed.offset;
        if (!adjoins || !arena.release(*mapping.chunk)) break;
        freed = {offset, freed.bytes + mapping.bytes};
        next = arena.mapped().lower_bound(offset);
    }
    return freed;
}

}  // namespace triune
