// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/alloc/mapping/alias_mappings.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <triune/base/error.hpp>
#include <triune/base/units.hpp>

namespace triune {

AliasMappings::AliasMappings(ChunkPool& chunks, std::size_t bytes)
    : chunks_(chunks),
      primary_bytes_(round_up(bytes / 2, granularity())),
      next_alias_(primary_bytes_ + granularity()),
      pending_unmaps_(chunks.device()) {
    reserved_ = 2 * primary_bytes_;
    void* base = nullptr;
    check(chunks_.device().address_reserve(base, reserved_), "reserving addresses for the pool");
    base_ = static_cast<std::byte*>(base);
}

AliasMappings::~AliasMappings() {
    aliases_.clear();
    for (auto next = own_.begin(); next != own_.end();) {
        PoolChunk& chunk = (next++)->second;
        static_cast<void>(release(chunk));
    }
    std::erase_if(mapped_, [this](const auto& left) {
        return left.second.chunk == nullptr && unmap(left.first, left.second.bytes);
    });
    // Addresses that are still mapped cannot be given back: they are lost, as report_teardown has told.
    if (!mapped_.empty()) return;
    report_teardown(chunks_.device().address_release(base_, reserved_), "releasing the pool's addresses");
}

std::vector<PoolChunk*> AliasMappings::map_primary(std::size_t offset, std::size_t bytes) {
    Owned adopted;
    Mapped made;
    std::vector<PoolChunk*> placed;
    const std::vector<Chunk> chunks = chunks_.acquire(bytes, Pieces::many);
    try {
        for (const Chunk& chunk : chunks) {
            PoolChunk& owned = adopted.emplace(chunk.handle, PoolChunk{chunk, offset, offset, {offset}}).first->second;
            made.emplace(offset, Mapping{&owned, chunk.bytes});
            placed.push_back(&owned);
            offset += chunk.bytes;
        }
    } catch (...) {
        for (const Chunk& chunk : chunks) chunks_.release(chunk);
        throw;
    }
    map(made, adopted);
    own_.merge(adopted);
    committed_ += bytes;
    return placed;
}

const Alias& AliasMappings::make_alias(std::vector<PoolChunk*> chunks, StreamOrder order) {
    std::size_t bytes = 0;
    for (PoolChunk* chunk : chunks) {
        chunk->places.reserve(chunk->places.size() + 1);
        bytes += chunk->chunk.bytes;
    }
    drop_unused(order);
    unmap_pending(chunks.size() + more_unmapped);
    Owned none;
    Mapped made;
    Aliases entry;
    const std::size_t begin = find_addresses(bytes);
    const Alias& alias = entry.emplace(bytes, Alias{begin, std::move(chunks), ++clock_})->second;
    std::size_t offset = begin;
    for (PoolChunk* chunk : alias.chunks) {
        made.emplace(offset, Mapping{chunk, chunk->chunk.bytes});
        offset += chunk->chunk.bytes;
    }
    map(made, none);
    offset = begin;
    for (PoolChunk* chunk : alias.chunks) {
        chunk->places.push_back(offset);
        offset += chunk->chunk.bytes;
    }
    next_alias_ = offset;
    aliased_ += bytes;
    aliases_.merge(entry);
    return alias;
}

// The first `bytes` of [begin, end) at which nothing is mapped; `end` where there are none.
std::size_t AliasMappings::find_gap(std::size_t begin, std::size_t end, std::size_t bytes) const noexcept {
    for (auto next = mapped_.lower_bound(begin); next != mapped_.end() && next->first < end; ++next) {
        if (next->first - begin >= bytes) return begin;
        begin = next->first + next->second.bytes;
    }
    return bytes <= end - std::min(begin, end) ? begin : end;
}

// Addresses of the second half at which nothing is mapped: the next ones in turn.
std::size_t AliasMappings::find_addresses(std::size_t bytes) {
    const std::size_t first = primary_bytes_ + granularity();
    std::size_t found = find_gap(next_alias_, reserved_, bytes);
    if (found == reserved_) found = find_gap(first, reserved_, bytes);
    if (found == reserved_) throw out_of_memory("no " + std::to_string(bytes) + " contiguous addresses are left");
    return found;
}

// Enters `made`, which lies side by side; `adopted` are the chunks in it that are not its own yet.
void AliasMappings::map(Mapped& made, Owned& adopted) {
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
void AliasMappings::undo(Mapped& made, Mapped::iterator end, Owned& adopted) noexcept {
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
    for (const auto& [handle, chunk] : adopted) chunks_.release(chunk.chunk);
}

bool AliasMappings::unmap(std::size_t offset, std::size_t bytes) noexcept {
    const Status unmapped = chunks_.device().unmap(base_ + offset, bytes);
    report_teardown(unmapped, "unmapping the pool's memory");
    return unmapped.ok();
}

bool AliasMappings::unmap_places(PoolChunk& chunk, bool primary_too) noexcept {
    std::erase_if(chunk.places, [&](std::size_t place) {
        if (place == chunk.active || (place == chunk.primary && !primary_too)) return false;
        if (!unmap(place, chunk.chunk.bytes)) return false;
        if (place == chunk.primary) chunk.primary = chunk.active;
        mapped_.erase(place);
        return true;
    });
    return chunk.places.size() == 1;
}

std::uint64_t AliasMappings::drop_aliases() noexcept {
    std::vector<Aliases::iterator> all;
    try {
        for (auto each = aliases_.begin(); each != aliases_.end(); ++each) all.push_back(each);
    } catch (const std::bad_alloc&) {  // their places stay until their chunks go
        aliases_.clear();
        aliased_ = 0;
        return pending_unmaps_.now();
    }
    drop(std::move(all), StreamOrder::after_all());
    return pending_unmaps_.now();
}

void AliasMappings::waited_for(std::uint64_t time) noexcept {
    pending_unmaps_.waited_for(time);
    unmap_pending(mapped_.size());
}

// Where aliases show too much.
void AliasMappings::drop_unused(StreamOrder order) noexcept {
    const std::size_t max = max_aliased * committed_;
    if (aliased_ <= max) return;
    try {
        std::vector<Aliases::iterator> longest_unused;
        for (auto each = aliases_.begin(); each != aliases_.end(); ++each) {
            const auto& [offset, chunks, used] = each->second;
            std::size_t place = offset;
            const bool in_use = std::any_of(chunks.begin(), chunks.end(), [&](const PoolChunk* chunk) {
                return chunk->needs(std::exchange(place, place + chunk->chunk.bytes));
            });
            if (!in_use && (order.names_stream() || !may_have_left_work(each->second))) longest_unused.push_back(each);
        }
        std::sort(longest_unused.begin(), longest_unused.end(),
                  [](const auto& a, const auto& b) { return a->second.used < b->second.used; });
        std::size_t left = aliased_;
        const auto last = std::find_if(longest_unused.begin(), longest_unused.end(), [&](const auto& alias) {
            return std::exchange(left, left - alias->first) <= max - max / dropping_divisor;
        });
        longest_unused.erase(last, longest_unused.end());
        drop(std::move(longest_unused), order);
    } catch (const std::bad_alloc&) {  // another time
    }
}

bool AliasMappings::may_have_left_work(const Alias& alias) const noexcept {
    return std::any_of(alias.chunks.begin(), alias.chunks.end(),
                       [](const PoolChunk* chunk) { return chunk->moved_in_order_of_a_stream; });
}

// A place that a chunk needs stays until the chunk goes.
void AliasMappings::drop(std::vector<Aliases::iterator> aliases, StreamOrder order) noexcept {
    std::vector<std::size_t> places;
    std::uint64_t time = 0;
    bool work = false;
    try {
        for (const auto& alias : aliases) {
            std::size_t place = alias->second.offset;
            work = work || may_have_left_work(alias->second);
            for (const PoolChunk* chunk : alias->second.chunks) {
                if (!chunk->needs(place)) places.push_back(place);
                place += chunk->chunk.bytes;
            }
        }
        time = !work                  ? pending_unmaps_.add(places)
               : order.names_stream() ? pending_unmaps_.add(places, order.stream())
                                      : pending_unmaps_.add_unordered(places);
    } catch (...) {
        places.clear();
    }
    for (const std::size_t place : places) mapped_.at(place).dropped = time;
    for (const auto& alias : aliases) {
        aliased_ -= alias->first;
        aliases_.erase(alias);
    }
}

void AliasMappings::unmap_pending(std::size_t max) noexcept {
    std::vector<PendingUnmap> places;
    try {
        places = pending_unmaps_.remove_ready(max);
    } catch (const std::bad_alloc&) {  // another time
    }
    for (const auto& [offset, time] : places) {
        const auto mapping = mapped_.find(offset);
        // The chunk may be gone, and the addresses used anew.
        if (mapping == mapped_.end() || mapping->second.dropped != time) continue;
        if (!unmap(offset, mapping->second.bytes)) continue;
        std::erase(mapping->second.chunk->places, offset);
        mapped_.erase(mapping);
    }
}

bool AliasMappings::release(PoolChunk& chunk) noexcept {
    if (!unmap_places(chunk, true) || !unmap(chunk.active, chunk.chunk.bytes)) return false;
    mapped_.erase(chunk.active);
    committed_ -= chunk.chunk.bytes;
    chunks_.release(chunk.chunk);
    own_.erase(chunk.chunk.handle);
    return true;
}

}  // namespace triune
