// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/layout_reader.hpp>

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <triune/detail/alloc/central/pool_visitor.hpp>
#include <triune/detail/manage/manager_core.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {
namespace {

std::uintptr_t number(const void* address) noexcept { return reinterpret_cast<std::uintptr_t>(address); }

const char* state_name(SpanState state) noexcept {
    switch (state) {
        case SpanState::allocated:
            return "allocated";
        case SpanState::cached:
            return "cached";
        case SpanState::stream_free:
            return "stream_free";
        case SpanState::pending_free:
            return "pending_free";
        case SpanState::free:
            return "free";
        case SpanState::unmapped:
            return "unmapped";
        case SpanState::moving:
            break;
    }
    return "moving";
}

struct Owners {
    std::unordered_map<std::uintptr_t, std::uint64_t> by_address;
    std::unordered_map<std::uint32_t, std::uint64_t> by_user;

    // Of a span that somebody has.
    std::uint64_t of(const Span& span) const {
        if (const std::uint32_t user = span.user.load(std::memory_order_relaxed); user != 0) {
            const auto account = by_user.find(user);
            return account == by_user.end() ? 0 : account->second;
        }
        const auto buffer = by_address.find(number(span.data));
        return buffer == by_address.end() ? 0 : buffer->second;
    }
};

class Collector final : public PoolVisitor {
  public:
    Collector(MemoryLayout& layout, const Owners& owners) noexcept : layout_(layout), owners_(owners) {}

    void cache_of_thread(std::size_t bytes, std::size_t blocks) override {
        layout_.caches.push_back({"thread", threads_++, bytes, blocks});
    }
    void cache_between_threads(std::size_t bytes, std::size_t blocks) override {
        layout_.caches.push_back({"between_threads", 0, bytes, blocks});
    }
    void segment(const Segment& segment, HeapKind kind) override {
        const char* const of_heap = kind == small_blocks ? "small" : "large";
        const char* const shown = segment.is_plain() ? "plain" : of_heap;
        layout_.segments.push_back({number(segment.data), segment.bytes, shown, {}});
    }
    void span(const Span& span) override {
        const SpanState state = span.state;
        const std::uint64_t owner = state == SpanState::allocated ? owners_.of(span) : 0;
        layout_.segments.back().spans.push_back({number(span.data), span.bytes, state_name(state), owner});
    }
    void alias(const AliasMappings& mappings, const Alias& alias) override {
        MemoryLayout::Alias shown{number(mappings.data() + alias.offset), 0, {}};
        for (const PoolChunk* chunk : alias.chunks) {
            shown.bytes += chunk->chunk.bytes;
            shown.chunks.push_back(number(mappings.data() + chunk->primary));
        }
        layout_.aliases.push_back(std::move(shown));
    }

  private:
    MemoryLayout& layout_;
    const Owners& owners_;
    std::size_t threads_ = 0;
};

}  // namespace

std::shared_ptr<const MemoryLayout> LayoutReader::read(const AllocationList& records) const {
    const auto layout = std::make_shared<MemoryLayout>();
    Owners owners;
    layout->addresses.reserve(records.size());
    for (const AllocationRecord& record : records) {
        const std::uintptr_t address = number(record.address());
        layout->addresses.push_back(address);
        if (address != 0) owners.by_address.emplace(address, record.id());
        if (record.pool_user() != 0) owners.by_user.emplace(record.pool_user(), record.id());
    }
    const DeviceResources& resources = *core_.resources;
    Collector collector(*layout, owners);
    resources.pool.show(collector);
    layout->caches.push_back({"retired_mappings", 0, resources.mappings.retired_bytes(), 0});
    layout->caches.push_back({"spare_chunks", 0, resources.chunks.spare_bytes(), 0});
    resources.pinned.for_each([&](PinnedPool::Piece piece, bool in_use) {
        layout->pinned.push_back({number(piece.data), piece.bytes, in_use});
    });

    // What no span of the pool begins with is a growable mapping of the buffer's own.
    std::unordered_set<std::uintptr_t> in_pool;
    for (const MemoryLayout::Segment& segment : layout->segments) {
        for (const MemoryLayout::Span& span : segment.spans) in_pool.insert(span.address);
    }
    for (std::size_t i = 0; i < records.size(); ++i) {
        const std::uintptr_t address = layout->addresses[i];
        const std::size_t bytes = records[i].bytes;
        if (address == 0 || bytes == 0 || in_pool.contains(address)) continue;
        layout->segments.push_back({address, bytes, "mapping", {{address, bytes, "allocated", records[i].id()}}});
    }
    return layout;
}

}  // namespace triune
