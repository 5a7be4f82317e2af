// SPDX-License-Identifier: Apache-2.0
#include <triune/alloc/mapping/alias_mappings.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {

PoolArena::PoolArena(ChunkPool& chunks, std::size_t bytes)
    : chunks_(chunks),
      home_bytes_(round_up(bytes / 2, granularity())),
      next_view_(home_bytes_ + granularity()),
      retired_(chunks.device()) {
    reserved_ = 2 * home_bytes_;
    void* base = nullptr;
    check(chunks_.device().address_reserve(base, reserved_), "reserving addresses for the pool");
    base_ = static_cast<std::byte*>(base);
}

PoolArena::~PoolArena() {
    views_.clear();
    for (auto next = own_.begin(); next != own_.end();) {
        SeatedChunk& chunk = (next++)->second;
        static_cast<void>(release(chunk));
    }
    std::erase_if(mapped_, [this](const auto& left) {
        return left.second.chunk == nullptr && unmap(left.first, left.second.bytes);
    });
    // Addresses that are still mapped cannot be given back: they are lost, as report_teardown has told.
    if (!mapped_.empty()) return;
    report_teardown(chunks_.device().address_release(base_, reserved_), "releasing the pool's addresses");
}

std::vector<SeatedChunk*> PoolArena::settle(std::size_t offset, std::size_t bytes) {
    Owned adopted;
    Mapped made;
    std::vector<SeatedChunk*> settled;
    const std::vector<Chunk> chunks = chunks_.take(bytes, Pieces::many);
    try {
        for (const Chunk& chunk : chunks) {
            SeatedChunk& owned =
                adopted.emplace(chunk.handle, SeatedChunk{chunk, offset, offset, {offset}}).first->second;
            made.emplace(offset, Mapping{&owned, chunk.bytes});
            settled.push_back(&owned);
            offset += chunk.bytes;
        }
    } catch (...) {
        for (const Chunk& chunk : chunks) chunks_.give_back(chunk);
        throw;
    }
    map(made, adopted);
    own_.merge(adopted);
    committed_ += bytes;
    return settled;
}

const View& PoolArena::make_view(std::vector<SeatedChunk*> chunks, StreamOrder order) {
    std::size_t bytes = 0;
    for (SeatedChunk* chunk : chunks) {
        chunk->places.reserve(chunk->places.size() + 1);
        bytes += chunk->chunk.bytes;
    }
    retire_unused(order);
    unmap_retired(chunks.size() + more_unmapped);
    Owned none;
    Mapped made;
    Views entry;
    const std::size_t begin = find_addresses(bytes);
    const View& view = entry.emplace(bytes, View{begin, std::move(chunks), ++clock_})->second;
    std::size_t offset = begin;
    for (SeatedChunk* chunk : view.chunks) {
        made.emplace(offset, Mapping{chunk, chunk->chunk.bytes});
        offset += chunk->chunk.bytes;
    }
    map(made, none);
    offset = begin;
    for (SeatedChunk* chunk : view.chunks) {
        chunk->places.push_back(offset);
        offset += chunk->chunk.bytes;
    }
    next_view_ = offset;
    shown_ += bytes;
    views_.merge(entry);
    return view;
}

// The first `bytes` of [begin, end) at which nothing is mapped; `end` where there are none.
std::size_t PoolArena::find_gap(std::size_t begin, std::size_t end, std::size_t bytes) const noexcept {
    for (auto next = mapped_.lower_bound(begin); next != mapped_.end() && next->first < end; ++next) {
        if (next->first - begin >= bytes) return begin;
        begin = next->first + next->second.bytes;
    }
    return bytes <= end - std::min(begin, end) ? begin : end;
}

// Addresses of the second half at which nothing is mapped: the next ones in turn.
std::size_t PoolArena::find_addresses(std::size_t bytes) {
    const std::size_t first = home_bytes_ + granularity();
    std::size_t found = find_gap(next_view_, reserved_, bytes);
    if (found == reserved_) found = find_gap(first, reserved_, bytes);
    if (found == reserved_) throw out_of_memory("no " + std::to_string(bytes) + " contiguous addresses are left");
    return found;
}

// Enters `made`, which lies side by side; `adopted` are the chunks in it that are not the arena's yet.
void PoolArena::map(Mapped& made, Owned& adopted) {
    if (made.empty()) return;
    Device& device = chunks_.device();
    Status mapped = success;
    auto next = made.begin();
    std::size_t bytes = 0;
    while (mapped.ok() && next != made.end()) {
        mapped = device.map(base_ + next->first, next->second.chunk->chunk.handle, next->second.bytes);
        if (mapped.ok()) bytes += (next++)->second.bytes;
    }
    if (mapped.ok()) mapped = device.set_access(base_ + made.begin()->first, bytes);
    if (!mapped.ok()) {
        undo(made, next, adopted);
        check(mapped, "mapping memory into the pool");
    }
    mapped_.merge(made);
}

// A place that cannot be unmapped is remembered as one that is left alone; a fresh chunk there lives until it is.
void PoolArena::undo(Mapped& made, Mapped::iterator end, Owned& adopted) noexcept {
    for (auto next = made.begin(); next != end;) {
        const auto place = next++;
        if (unmap(place->first, place->second.bytes)) continue;
        const auto fresh = adopted.find(place->second.chunk->chunk.handle);
        if (fresh != adopted.end()) {
            report_teardown(chunks_.device().chunk_release(fresh->first), "releasing device memory");
            adopted.erase(fresh);
        }
        auto node = made.extract(place);
        node.mapped().chunk = nullptr;
        mapped_.insert(std::move(node));
    }
    for (const auto& [handle, chunk] : adopted) chunks_.give_back(chunk.chunk);
}

bool PoolArena::unmap(std::size_t offset, std::size_t bytes) noexcept {
    const Status unmapped = chunks_.device().unmap(base_ + offset, bytes);
    report_teardown(unmapped, "unmapping the pool's memory");
    return unmapped.ok();
}

bool PoolArena::unmap_places(SeatedChunk& chunk, bool home_too) noexcept {
    std::erase_if(chunk.places, [&](std::size_t place) {
        if (place == chunk.seat || (place == chunk.home && !home_too)) return false;
        if (!unmap(place, chunk.chunk.bytes)) return false;
        if (place == chunk.home) chunk.home = chunk.seat;
        mapped_.erase(place);
        return true;
    });
    return chunk.places.size() == 1;
}

std::uint64_t PoolArena::drop_views() noexcept {
    std::vector<Views::iterator> all;
    try {
        for (auto each = views_.begin(); each != views_.end(); ++each) all.push_back(each);
    } catch (const std::bad_alloc&) {  // their places stay until their chunks go
        views_.clear();
        shown_ = 0;
        return retired_.now();
    }
    retire(std::move(all), StreamOrder::after_all());
    return retired_.now();
}

void PoolArena::waited_for(std::uint64_t time) noexcept {
    retired_.waited_for(time);
    unmap_retired(mapped_.size());
}

// Where views show too much.
void PoolArena::retire_unused(StreamOrder order) noexcept {
    const std::size_t most = most_shown * committed_;
    if (shown_ <= most) return;
    try {
        std::vector<Views::iterator> longest_unused;
        for (auto each = views_.begin(); each != views_.end(); ++each) {
            const auto& [offset, chunks, used] = each->second;
            std::size_t place = offset;
            const bool in_use = std::any_of(chunks.begin(), chunks.end(), [&](const SeatedChunk* chunk) {
                return chunk->needs(std::exchange(place, place + chunk->chunk.bytes));
            });
            if (!in_use && (order.names_stream() || !left_work(each->second))) longest_unused.push_back(each);
        }
        std::sort(longest_unused.begin(), longest_unused.end(),
                  [](const auto& a, const auto& b) { return a->second.used < b->second.used; });
        std::size_t left = shown_;
        const auto last = std::find_if(longest_unused.begin(), longest_unused.end(), [&](const auto& view) {
            return std::exchange(left, left - view->first) <= most - most / retiring_part;
        });
        longest_unused.erase(last, longest_unused.end());
        retire(std::move(longest_unused), order);
    } catch (const std::bad_alloc&) {  // another time
    }
}

bool PoolArena::left_work(const View& view) const noexcept {
    return std::any_of(view.chunks.begin(), view.chunks.end(),
                       [](const SeatedChunk* chunk) { return chunk->left_in_order_of_a_stream; });
}

// A place that a chunk needs stays until the chunk goes.
void PoolArena::retire(std::vector<Views::iterator> views, StreamOrder order) noexcept {
    std::vector<std::size_t> places;
    std::uint64_t time = 0;
    bool work = false;
    try {
        for (const auto& view : views) {
            std::size_t place = view->second.offset;
            work = work || left_work(view->second);
            for (const SeatedChunk* chunk : view->second.chunks) {
                if (!chunk->needs(place)) places.push_back(place);
                place += chunk->chunk.bytes;
            }
        }
        time = !work                ? retired_.add(places)
               : order.names_stream() ? retired_.add(places, order.stream())
                                      : retired_.add_unordered(places);
    } catch (...) {
        places.clear();
    }
    for (const std::size_t place : places) mapped_.at(place).retired = time;
    for (const auto& view : views) {
        shown_ -= view->first;
        views_.erase(view);
    }
}

void PoolArena::unmap_retired(std::size_t most) noexcept {
    std::vector<RetiredPlace> places;
    try {
        places = retired_.take(most);
    } catch (const std::bad_alloc&) {  // another time
    }
    for (const auto& [offset, time] : places) {
        const auto mapping = mapped_.find(offset);
        // The chunk may be gone, and the addresses used anew.
        if (mapping == mapped_.end() || mapping->second.retired != time) continue;
        if (!unmap(offset, mapping->second.bytes)) continue;
        std::erase(mapping->second.chunk->places, offset);
        mapped_.erase(mapping);
    }
}

bool PoolArena::release(SeatedChunk& chunk) noexcept {
    if (!unmap_places(chunk, true) || !unmap(chunk.seat, chunk.chunk.bytes)) return false;
    mapped_.erase(chunk.seat);
    committed_ -= chunk.chunk.bytes;
    chunks_.give_back(chunk.chunk);
    own_.erase(chunk.chunk.handle);
    return true;
}

}  // namespace triune
