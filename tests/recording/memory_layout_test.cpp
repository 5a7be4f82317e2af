// SPDX-License-Identifier: Apache-2.0
// A snapshot's layout: every byte of the pool, and whose it is.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

#include <triune/resource/pool_account.hpp>

#include "../unit/manage/on_manager.hpp"

using namespace triune;

namespace {

std::uintptr_t number(const void* address) { return reinterpret_cast<std::uintptr_t>(address); }

// Bytes of the spans in that state, of the pool.
std::size_t bytes_in(const MemoryLayout& layout, const std::string& state) {
    std::size_t sum = 0;
    for (const auto& segment : layout.segments) {
        if (segment.kind == std::string("mapping")) continue;
        for (const auto& span : segment.spans) sum += span.state == state ? span.bytes : 0;
    }
    return sum;
}

const MemoryLayout::Span* span_at(const MemoryLayout& layout, const void* address) {
    for (const auto& segment : layout.segments) {
        for (const auto& span : segment.spans) {
            if (span.address == number(address)) return &span;
        }
    }
    return nullptr;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(memory_layout, OnManager)

BOOST_AUTO_TEST_CASE(a_snapshot_has_a_layout_only_where_it_is_asked_for) {
    BOOST_TEST(manager.snapshot().layout == nullptr);
    BOOST_REQUIRE(manager.snapshot(SnapshotDetail::layout).layout != nullptr);
    BOOST_TEST(mentions(manager.snapshot(SnapshotDetail::layout).to_json(), "\"layout\": {"));
    BOOST_TEST(!mentions(manager.snapshot().to_json(), "\"layout\""));
}

BOOST_AUTO_TEST_CASE(spans_fill_their_segments_and_agree_with_the_pools_figures) {
    const auto kept = manager.allocate<float>("kept", 100'000);
    { auto gone = manager.make_buffer<float>("gone", 50'000, {}, stream.handle()); }
    const MemorySnapshot snapshot = manager.snapshot(SnapshotDetail::layout);
    const MemoryLayout& layout = *snapshot.layout;
    for (const auto& segment : layout.segments) {
        std::uintptr_t end = segment.address;
        for (const auto& span : segment.spans) {
            BOOST_TEST(span.address == end);
            end += span.bytes;
        }
        BOOST_TEST(end == segment.address + segment.bytes);
    }
    BOOST_TEST(bytes_in(layout, "allocated") == snapshot.pool.live_bytes);
    BOOST_TEST(bytes_in(layout, "cached") == snapshot.pool.cached_bytes);
    BOOST_TEST(bytes_in(layout, "free") == snapshot.pool.idle_bytes);
    BOOST_TEST(bytes_in(layout, "stream_free") + bytes_in(layout, "pending_free") ==
               snapshot.pool.waiting_bytes + snapshot.pool.lost_bytes);
    std::size_t cached = 0;
    for (const auto& cache : layout.caches) {
        if (cache.kind == std::string("thread") || cache.kind == std::string("between_threads")) cached += cache.bytes;
    }
    BOOST_TEST(cached == snapshot.pool.cached_bytes);
}

BOOST_AUTO_TEST_CASE(spans_know_whose_they_are) {
    auto owner = manager.make_buffer<float>("owner", 1000);
    const PoolAccount account(manager, "solver");
    void* const piece = account.allocate(5000, 256, StreamOrder::after_all());
    GpuMemoryManager other(sim);
    auto foreign = other.make_buffer<float>("foreign", 1000);
    const MemorySnapshot snapshot = manager.snapshot(SnapshotDetail::layout);
    const auto id_of = [&](const std::string& name) {
        const auto found = std::find_if(snapshot.records.begin(), snapshot.records.end(),
                                        [&](const AllocationRecord& each) { return each.name() == name; });
        return found == snapshot.records.end() ? 0 : found->id();
    };
    BOOST_REQUIRE(span_at(*snapshot.layout, owner.data()) != nullptr);
    BOOST_TEST(span_at(*snapshot.layout, owner.data())->owner == id_of("owner"));
    BOOST_TEST(span_at(*snapshot.layout, piece)->owner == id_of("solver"));
    BOOST_TEST(span_at(*snapshot.layout, foreign.data())->owner == 0U);
    account.deallocate(piece, StreamOrder::after_all());
    const MemorySnapshot after = manager.snapshot(SnapshotDetail::layout);
    if (const auto* const freed = span_at(*after.layout, piece)) BOOST_TEST(freed->owner == 0U);
}

BOOST_AUTO_TEST_CASE(a_buffer_with_a_mapping_of_its_own_is_a_segment_and_moves_with_its_growth) {
    auto buffer = manager.make_buffer<float>("mapped", 1000, mapped());
    const auto find = [&](const MemorySnapshot& snapshot) {
        const auto& segments = snapshot.layout->segments;
        return *std::find_if(segments.begin(), segments.end(),
                             [](const auto& each) { return each.kind == std::string("mapping"); });
    };
    const auto first = find(manager.snapshot(SnapshotDetail::layout));
    BOOST_TEST(first.address == number(buffer.data()));
    BOOST_TEST(first.bytes == 4000U);
    buffer.ensure_capacity(10'000);
    BOOST_TEST(find(manager.snapshot(SnapshotDetail::layout)).bytes == 40'000U);
}

BOOST_AUTO_TEST_CASE(addresses_follow_what_buffers_do) {
    auto buffer = manager.make_buffer<float>("x", 0);
    const auto address = [&] { return manager.snapshot(SnapshotDetail::layout).layout->addresses.at(0); };
    BOOST_TEST(address() == 0U);
    buffer.ensure_capacity(1000);
    BOOST_TEST(address() == number(buffer.data()));
    buffer.ensure_capacity(1'000'000);
    BOOST_TEST(address() == number(buffer.data()));
    buffer.set_size(10);
    buffer.shrink_to_fit();
    BOOST_TEST(address() == number(buffer.data()));
    buffer.set_size(0);
    buffer.shrink_to_fit();
    BOOST_TEST(address() == 0U);
}

BOOST_AUTO_TEST_CASE(pinned_memory_is_in_use_while_a_view_is_held) {
    auto buffer = manager.make_buffer<float>("x", 1000, with_downloads());
    const auto in_use = [&] {
        std::size_t count = 0;
        const MemorySnapshot snapshot = manager.snapshot(SnapshotDetail::layout);
        for (const auto& piece : snapshot.layout->pinned) count += piece.in_use ? 1 : 0;
        return count;
    };
    BOOST_TEST(in_use() == 0U);
    buffer.start_async_download(stream.handle());
    static_cast<void>(buffer.wait_for_download());
    BOOST_TEST(in_use() == 1U);
    buffer.reset();
    BOOST_TEST(in_use() == 0U);
    BOOST_TEST(manager.snapshot(SnapshotDetail::layout).layout->pinned.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
