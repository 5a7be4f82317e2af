// SPDX-License-Identifier: Apache-2.0
// The alphabets: small ones that can do everything, and smaller ones that go further in one direction.
#include <initializer_list>

#include <triune/base/units.hpp>

#include "pool_world.hpp"
#include "world.hpp"

namespace triune::sequences {
namespace {

PoolWorld::Letters joined(std::initializer_list<PoolWorld::Letters> parts) {
    PoolWorld::Letters all;
    for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

struct Lengths {
    std::size_t plain;
    std::size_t full;
};

// What `before` does comes first in every sequence, and is not counted.
Alphabet on_pool(const std::string& name, PoolWorld::Letters letters, std::size_t capacity_bytes, Work work,
                 Lengths lengths, PoolWorld::Letters before = {}) {
    const auto kept = std::make_shared<const PoolWorld::Letters>(std::move(letters));
    const auto make = [=, before = std::move(before)] {
        auto world = std::make_unique<PoolWorld>(*kept, capacity_bytes, work);
        for (const auto& letter : before) letter.run(*world);
        return world;
    };
    return {name, names_of(*kept), make, lengths.plain, lengths.full};
}

PoolWorld::Letters everything() {
    using P = PoolWorld;
    return joined({P::letter_allocate("256-s", 256, Who::s),
                   P::letter_allocate("3M-s", 3 * MiB, Who::s),
                   P::letter_allocate("8M-s", 8 * MiB, Who::s),
                   P::letter_allocate("256-t", 256, Who::t),
                   P::letter_allocate("3M-t", 3 * MiB, Who::t),
                   P::letter_allocate("8M-t", 8 * MiB, Who::t),
                   P::letter_allocate("256", 256, Who::nobody),
                   P::letter_allocate("3M", 3 * MiB, Who::nobody),
                   P::letter_allocate("8M", 8 * MiB, Who::nobody),
                   P::letter_free(0, Order::own),
                   P::letter_free(0, Order::other),
                   P::letter_free(0, Order::all),
                   P::letter_free(1, Order::own),
                   P::letter_free(1, Order::other),
                   P::letter_free(1, Order::all),
                   P::letter_trim()});
}

// Chunks that lie apart are shown side by side, go home and come back; then a second stream comes.
PoolWorld::Letters views() {
    using P = PoolWorld;
    return joined({P::letter_allocate("2M-s", 2 * MiB, Who::s), P::letter_allocate("4M-s", 4 * MiB, Who::s),
                   P::letter_allocate("8M-s", 8 * MiB, Who::s), P::letter_free(0, Order::all),
                   P::letter_free(-1, Order::all), P::letter_free(-1, Order::own), P::letter_last("8M-t", 8 * MiB)});
}

PoolWorld::Letters gaps() {
    return joined({PoolWorld::letter_row("4x4M-s", 4, 4 * MiB), PoolWorld::letter_free_every_other()});
}

PoolWorld::Letters idle_view() {
    return joined({gaps(), PoolWorld::letter_allocate("8M-s", 8 * MiB, Who::s), PoolWorld::letter_free(-1, Order::all)});
}

// A device that is full, and pieces that lie idle on it. How many records are spare then depends on its size.
PoolWorld::Letters full_device() {
    using P = PoolWorld;
    return joined({P::letter_allocate("256-s", 256, Who::s), P::letter_allocate("1280K-s", 1280 * KiB, Who::s),
                   P::letter_allocate("5M-s", 5 * MiB, Who::s), P::letter_allocate("256-t", 256, Who::t),
                   P::letter_free(0, Order::all), P::letter_free(1, Order::all), P::letter_fill_up(1280 * KiB)});
}

}  // namespace

const std::vector<Alphabet>& alphabets() {
    static const std::vector<Alphabet> all = [] {
        std::vector<Alphabet> made = {
            on_pool("pool-late", joined({everything(), PoolWorld::letter_finish()}), 24 * MiB, Work::queued, {4, 6}),
            on_pool("pool-done", everything(), 24 * MiB, Work::done, {4, 6}),
            on_pool("views", views(), 64 * MiB, Work::done, {8, 10}, idle_view()),
            on_pool("gaps", views(), 64 * MiB, Work::done, {7, 10}, gaps()),
        };
        for (std::size_t mib = 24; mib <= 72; mib += 2)
            made.push_back(on_pool("full-" + std::to_string(mib), full_device(), mib * MiB, Work::done, {4, 6}));
        return made;
    }();
    return all;
}

}  // namespace triune::sequences
