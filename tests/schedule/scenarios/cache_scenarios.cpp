// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>

#include <triune/alloc/front/thread_cache.hpp>
#include <triune/alloc/front/transfer_cache.hpp>

#include "scenarios.hpp"

namespace schedule {
namespace {

using triune::Range;
using triune::RangeStack;
using triune::Surplus;

constexpr std::size_t bytes = 4096;
constexpr triune::SizeClass class_of_all = triune::size_class(bytes);

// Blocks, and how often each was counted at the end.
template <std::size_t count>
struct Ranges {
    std::array<Range, count> all{};
    std::array<int, count> found{};

    Ranges() {
        for (Range& range : all) {
            range.bytes = bytes;
            range.state = triune::RangeState::live;
            keep_quiet(&range.state, sizeof range.state);
        }
    }
    void note(const Range* range) {
        if (range != nullptr) ++found[static_cast<std::size_t>(range - all.data())];
    }
    void note(const RangeStack& stack) {
        for (const Range* range = stack.top; range != nullptr; range = range->below) note(range);
    }
    void require_each_once() const {
        require(std::all_of(found.begin(), found.end(), [](int times) { return times == 1; }),
                "a block is in no place, or in two");
    }
};

struct Transfer {
    explicit Transfer(std::size_t most_bytes_each) : cache(most_bytes_each) {}

    Surplus batch(std::size_t first, std::uint64_t stream) {
        Surplus made{{}, stream, class_of_all};
        made.ranges.push(&ranges.all[first]);
        made.ranges.push(&ranges.all[first + 1]);
        return made;
    }
    // What the cache refuses or evicts stays with the thread.
    void put(std::size_t thread, const Surplus& surplus) {
        Surplus evicted;
        if (!cache.put(surplus, evicted)) keep(thread, surplus.ranges);
        keep(thread, evicted.ranges);
    }
    void keep(std::size_t thread, RangeStack stack) {
        while (!stack.empty()) kept[thread].push(stack.pop());
    }
    void count_all() {
        const auto counts = cache.counts();
        std::size_t blocks = 0;
        for (Surplus left; cache.take_all(left); left = {}) {
            for (const Range* range = left.ranges.top; range != nullptr; range = range->below) ++blocks;
            ranges.note(left.ranges);
        }
        for (const RangeStack& stack : kept) ranges.note(stack);
        ranges.require_each_once();
        require(counts.blocks == blocks && counts.bytes == blocks * bytes, "the counts are wrong");
    }

    triune::TransferCache cache;
    Ranges<6> ranges;
    std::array<RangeStack, 3> kept;
};

int a_stream = 0;

struct Cached {
    Cached() {
        Surplus none;
        cache.open(stream, none);
    }
    void count_all() {
        const auto counts = cache.counts();
        std::size_t cached = 0;
        for (Surplus left; cache.take_all(left); left = {}) {
            for (const Range* range = left.ranges.top; range != nullptr; range = range->below) ++cached;
            ranges.note(left.ranges);
        }
        for (const RangeStack& stack : kept) ranges.note(stack);
        ranges.require_each_once();
        require(counts.cached_blocks == cached && counts.cached_bytes == cached * bytes, "the counts are wrong");
    }
    void work_as_owner() {
        cache.put(&ranges.all[0], stream.handle);
        cache.put(&ranges.all[1], stream.handle);
        if (Range* const again = cache.take(bytes, stream)) kept[0].push(again);
        kept[0].push(&ranges.all[2]);
    }

    triune::StreamKey stream{reinterpret_cast<triune::StreamHandle>(&a_stream), 7};
    triune::ThreadCache cache{std::size_t{1} << 20};
    Ranges<3> ranges;
    std::array<RangeStack, 3> kept;
};

Scenario emptied_by(std::size_t revokers) {
    return [=] {
        const auto cached = std::make_shared<Cached>();
        Program program;
        program.threads.push_back([=] { cached->work_as_owner(); });
        for (std::size_t revoker = 1; revoker <= revokers; ++revoker) {
            program.threads.push_back([=] {
                Surplus taken;
                if (cached->cache.take_all(taken)) cached->kept[revoker] = taken.ranges;
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
                transfer->keep(thread, transfer->cache.take(class_of_all, 1));
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
                transfer->keep(thread, transfer->cache.take(class_of_all, stream));
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
            Surplus taken;
            if (transfer->cache.take_all(taken)) transfer->keep(2, taken.ranges);
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
            require(-counts.live_blocks == static_cast<std::ptrdiff_t>(counts.cached_blocks), "a block counts twice");
        });
        program.at_end = [=] { cached->count_all(); };
        return program;
    };
}

}  // namespace schedule
