// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>

#include <triune/detail/alloc/front/thread_cache.hpp>
#include <triune/detail/alloc/front/transfer_cache.hpp>

#include "scenarios.hpp"

namespace schedule {
namespace {

using triune::Span;
using triune::SpanBatch;
using triune::SpanStack;

constexpr std::size_t bytes = 4096;
constexpr triune::SizeClass class_of_all = triune::size_class(bytes);

// Blocks, and how often each was counted at the end.
template <std::size_t count>
struct Spans {
    std::array<Span, count> all{};
    std::array<int, count> found{};

    Spans() {
        for (Span& span : all) {
            span.bytes = bytes;
            span.become_allocated();
            keep_quiet(&span.state, sizeof span.state);
        }
    }
    void note(const Span* span) {
        if (span != nullptr) ++found[static_cast<std::size_t>(span - all.data())];
    }
    void note(const SpanStack& stack) {
        for (const Span* span = stack.top; span != nullptr; span = span->below) note(span);
    }
    void require_each_once() const {
        require(std::all_of(found.begin(), found.end(), [](int times) { return times == 1; }),
                "a block is in no place, or in two");
    }
};

struct Transfer {
    explicit Transfer(std::size_t max_bytes_each) : cache(max_bytes_each) {}

    SpanBatch batch(std::size_t first, std::uint64_t stream) {
        SpanBatch made{{}, stream, class_of_all};
        made.spans.push(&spans.all[first]);
        made.spans.push(&spans.all[first + 1]);
        return made;
    }
    // What the cache refuses or evicts stays with the thread.
    void put(std::size_t thread, const SpanBatch& batch) {
        SpanBatch evicted;
        if (!cache.put(batch, evicted)) keep(thread, batch.spans);
        keep(thread, evicted.spans);
    }
    void keep(std::size_t thread, SpanStack stack) {
        while (!stack.empty()) kept[thread].push(stack.pop());
    }
    void count_all() {
        const auto counts = cache.counts();
        std::size_t blocks = 0;
        for (SpanBatch left; cache.flush(left); left = {}) {
            for (const Span* span = left.spans.top; span != nullptr; span = span->below) ++blocks;
            spans.note(left.spans);
        }
        for (const SpanStack& stack : kept) spans.note(stack);
        spans.require_each_once();
        require(counts.blocks == blocks && counts.bytes == blocks * bytes, "the counts are wrong");
    }

    triune::TransferCache cache;
    Spans<6> spans;
    std::array<SpanStack, 3> kept;
};

int a_stream = 0;

struct Cached {
    Cached() {
        SpanBatch none;
        cache.open(stream, none);
    }
    void count_all() {
        const auto counts = cache.counts();
        std::size_t cached = 0;
        for (SpanBatch left; cache.flush(left); left = {}) {
            for (const Span* span = left.spans.top; span != nullptr; span = span->below) ++cached;
            spans.note(left.spans);
        }
        for (const SpanStack& stack : kept) spans.note(stack);
        spans.require_each_once();
        require(counts.cached_blocks == cached && counts.cached_bytes == cached * bytes, "the counts are wrong");
    }
    void work_as_owner() {
        cache.put(&spans.all[0], stream.handle);
        cache.put(&spans.all[1], stream.handle);
        if (Span* const again = cache.acquire(bytes, stream)) kept[0].push(again);
        kept[0].push(&spans.all[2]);
    }

    triune::StreamKey stream{reinterpret_cast<triune::StreamHandle>(&a_stream), 7};
    triune::ThreadCache cache{std::size_t{1} << 20};
    Spans<3> spans;
    std::array<SpanStack, 3> kept;
};

Scenario emptied_by(std::size_t revokers) {
    return [=] {
        const auto cached = std::make_shared<Cached>();
        Program program;
        program.threads.push_back([=] { cached->work_as_owner(); });
        for (std::size_t revoker = 1; revoker <= revokers; ++revoker) {
            program.threads.push_back([=] {
                SpanBatch flushed;
                if (cached->cache.flush(flushed)) cached->kept[revoker] = flushed.spans;
            });
        }
        program.at_end = [=] { cached->count_all(); };
        return program;
    };
}

}  // namespace

Scenario batches_pass_through_a_transfer_cache() {
    return [] {
        const auto transfer = std::make_shared<Transfer>(std::size_t{1} << 20);
        Program program;
        for (std::size_t thread = 0; thread < 3; ++thread) {
            program.threads.push_back([=] {
                transfer->put(thread, transfer->batch(2 * thread, 1));
                transfer->keep(thread, transfer->cache.acquire(class_of_all, 1));
            });
        }
        program.at_end = [=] { transfer->count_all(); };
        return program;
    };
}

// Two streams have the same place, which holds one batch.
Scenario a_full_place_evicts_while_others_take() {
    return [] {
        const auto transfer = std::make_shared<Transfer>(2 * bytes);
        Program program;
        for (std::size_t thread = 0; thread < 2; ++thread) {
            program.threads.push_back([=] {
                const std::uint64_t stream = 1 + thread * triune::TransferCache::place_count;
                transfer->put(thread, transfer->batch(2 * thread, stream));
                transfer->keep(thread, transfer->cache.acquire(class_of_all, stream));
            });
        }
        program.threads.push_back([=] { transfer->put(2, transfer->batch(4, 1)); });
        program.at_end = [=] { transfer->count_all(); };
        return program;
    };
}

Scenario a_transfer_cache_is_emptied_while_others_put() {
    return [] {
        const auto transfer = std::make_shared<Transfer>(std::size_t{1} << 20);
        Program program;
        for (std::size_t thread = 0; thread < 2; ++thread) {
            program.threads.push_back([=] {
                transfer->put(thread, transfer->batch(2 * thread, thread));
                if (thread == 0) transfer->put(0, transfer->batch(4, 2));
            });
        }
        program.threads.push_back([=] {
            SpanBatch flushed;
            if (transfer->cache.flush(flushed)) transfer->keep(2, flushed.spans);
        });
        program.at_end = [=] { transfer->count_all(); };
        return program;
    };
}

Scenario a_cache_is_emptied_while_its_owner_works() { return emptied_by(1); }
Scenario a_cache_is_emptied_by_two_while_its_owner_works() { return emptied_by(2); }

Scenario a_cache_is_counted_while_its_owner_works() {
    return [] {
        const auto cached = std::make_shared<Cached>();
        Program program;
        program.threads.push_back([=] { cached->work_as_owner(); });
        program.threads.push_back([=] {
            const auto counts = cached->cache.counts();
            require(counts.cached_bytes == counts.cached_blocks * bytes, "bytes and blocks are of two moments");
            require(-counts.allocated_blocks == static_cast<std::ptrdiff_t>(counts.cached_blocks), "a block counts twice");
        });
        program.at_end = [=] { cached->count_all(); };
        return program;
    };
}

}  // namespace schedule
