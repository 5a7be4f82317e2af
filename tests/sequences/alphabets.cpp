// SPDX-License-Identifier: Apache-2.0
// The alphabets: small ones that can do everything, and smaller ones that go further in one direction.
#include <initializer_list>
#include <memory>
#include <utility>

#include <triune/base/units.hpp>

#include "buffer_world.hpp"
#include "pool_world.hpp"
#include "world.hpp"

namespace triune::sequences {
namespace {

template <typename Letters>
Letters joined(std::initializer_list<Letters> parts) {
    Letters all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

// Up to which length a run goes, and one with --full.
struct Bounds {
    std::size_t plain;
    std::size_t full;
};

// What `before` does comes first in every sequence, and is not counted.
template <typename W>
Alphabet on(const std::string& name, std::vector<Letter<W>> letters, std::size_t capacity_bytes, Work work,
            Bounds bounds, std::vector<Letter<W>> before = {}) {
    const auto kept = std::make_shared<const std::vector<Letter<W>>>(std::move(letters));
    const auto make = [=, before = std::move(before)] {
        auto world = std::make_unique<W>(*kept, capacity_bytes, work);
        for (const auto& letter : before) world->run(letter);
        return world;
    };
    return {name, names_of(*kept), make, bounds.plain, bounds.full};
}

PoolWorld::Letters everything() {
    using P = PoolWorld;
    return joined<PoolWorld::Letters>(
        {P::letter_allocate("256-s", 256, Who::s), P::letter_allocate("3M-s", 3 * MiB, Who::s),
         P::letter_allocate("8M-s", 8 * MiB, Who::s), P::letter_allocate("256-t", 256, Who::t),
         P::letter_allocate("3M-t", 3 * MiB, Who::t), P::letter_allocate("8M-t", 8 * MiB, Who::t),
         P::letter_allocate("256", 256, Who::nobody), P::letter_allocate("3M", 3 * MiB, Who::nobody),
         P::letter_allocate("8M", 8 * MiB, Who::nobody), P::letter_free(0, Order::own), P::letter_free(0, Order::other),
         P::letter_free(0, Order::all), P::letter_free(1, Order::own), P::letter_free(1, Order::other),
         P::letter_free(1, Order::all), P::letter_trim()});
}

// Chunks that lie apart are shown side by side, are restored and come back; then a second stream comes.
PoolWorld::Letters aliases() {
    using P = PoolWorld;
    return joined<PoolWorld::Letters>(
        {P::letter_allocate("2M-s", 2 * MiB, Who::s), P::letter_allocate("4M-s", 4 * MiB, Who::s),
         P::letter_allocate("8M-s", 8 * MiB, Who::s), P::letter_free(0, Order::all), P::letter_free(-1, Order::all),
         P::letter_free(-1, Order::own), P::letter_last("8M-t", 8 * MiB)});
}

PoolWorld::Letters gaps() {
    return joined<PoolWorld::Letters>(
        {PoolWorld::letter_row("4x4M-s", 4, 4 * MiB), PoolWorld::letter_free_every_other()});
}

PoolWorld::Letters idle_view() {
    return joined<PoolWorld::Letters>(
        {gaps(), PoolWorld::letter_allocate("8M-s", 8 * MiB, Who::s), PoolWorld::letter_free(-1, Order::all)});
}

// The same, half of it in use.
PoolWorld::Letters half_a_view() {
    return joined<PoolWorld::Letters>({idle_view(), PoolWorld::letter_allocate("4M-s", 4 * MiB, Who::s)});
}

// A device that is full, and pieces that lie free on it. How many records are spare then depends on its size.
PoolWorld::Letters full_device() {
    using P = PoolWorld;
    return joined<PoolWorld::Letters>(
        {P::letter_allocate("256-s", 256, Who::s), P::letter_allocate("1280K-s", 1280 * KiB, Who::s),
         P::letter_allocate("5M-s", 5 * MiB, Who::s), P::letter_allocate("256-t", 256, Who::t),
         P::letter_free(0, Order::all), P::letter_free(1, Order::all), P::letter_fill_up(1280 * KiB)});
}

BufferWorld::Letters buffers() {
    using B = BufferWorld;
    return joined<B::Letters>({B::letter_make("256-s", 256, Who::s),
                               B::letter_make("4M-s", 4 * MiB, Who::s),
                               B::letter_make("4M-t", 4 * MiB, Who::t),
                               B::letter_make("256", 256, Who::nobody),
                               B::letter_make("3M", 3 * MiB, Who::nobody),
                               B::letter_make("stable-2M", 2 * MiB, Who::nobody, true),
                               B::letter_drop(0, Order::own),
                               B::letter_drop(0, Order::other),
                               B::letter_drop(0, Order::all),
                               B::letter_drop(-1, Order::all),
                               B::letter_grow(0, Who::nobody),
                               B::letter_grow(0, Who::s),
                               B::letter_grow(0, Who::t),
                               B::letter_grow(-1, Who::s),
                               B::letter_shrink(Who::nobody),
                               B::letter_shrink(Who::s),
                               B::letter_download(),
                               B::letter_start(),
                               B::letter_wait(),
                               B::letter_trim()});
}

// As aliases(), and as half_a_view().
BufferWorld::Letters buffer_views() {
    using B = BufferWorld;
    return joined<B::Letters>({B::letter_make("2M-s", 2 * MiB, Who::s), B::letter_make("4M-s", 4 * MiB, Who::s),
                               B::letter_make("8M-s", 8 * MiB, Who::s), B::letter_drop(0, Order::all),
                               B::letter_drop(-1, Order::all), B::letter_drop(-1, Order::own),
                               B::letter_last("8M-t", 8 * MiB)});
}

BufferWorld::Letters half_a_buffer_view() {
    using B = BufferWorld;
    const auto four = B::letter_make("4M-s", 4 * MiB, Who::s);
    return joined<B::Letters>({four, four, four, four, B::letter_drop(0, Order::all), B::letter_drop(1, Order::all),
                               B::letter_make("8M-s", 8 * MiB, Who::s), B::letter_drop(-1, Order::all), four});
}

}  // namespace

const std::vector<Alphabet>& alphabets() {
    static const std::vector<Alphabet> all = [] {
        std::vector<Alphabet> made = {
            on<PoolWorld>("pool-late", joined<PoolWorld::Letters>({everything(), PoolWorld::letter_finish()}), 24 * MiB,
                          Work::queued, {5, 6}),
            on<PoolWorld>("pool-done", everything(), 24 * MiB, Work::done, {5, 6}),
            on<PoolWorld>("views", aliases(), 64 * MiB, Work::done, {7, 8}, half_a_view()),
            on<PoolWorld>("idle-view", aliases(), 64 * MiB, Work::done, {5, 9}, idle_view()),
            on<PoolWorld>("gaps", aliases(), 64 * MiB, Work::done, {5, 9}, gaps()),
            on<BufferWorld>("buffers-late", joined<BufferWorld::Letters>({buffers(), BufferWorld::letter_finish()}),
                            40 * MiB, Work::queued, {4, 5}),
            on<BufferWorld>("buffers-done", buffers(), 40 * MiB, Work::done, {4, 5}),
            on<BufferWorld>("buffer-views", buffer_views(), 64 * MiB, Work::done, {7, 8}, half_a_buffer_view()),
        };
        for (std::size_t mib = 24; mib <= 72; mib += 4)
            made.push_back(on<PoolWorld>("full-" + std::to_string(mib), full_device(), mib * MiB, Work::done, {4, 6}));
        return made;
    }();
    return all;
}

}  // namespace triune::sequences
