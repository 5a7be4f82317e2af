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

Alphabet on_pool(const std::string& name, PoolWorld::Letters letters, std::size_t capacity_bytes, Work work,
                 std::size_t length, std::size_t full_length) {
    const auto kept = std::make_shared<const PoolWorld::Letters>(std::move(letters));
    return {name, names_of(*kept), [=] { return std::make_unique<PoolWorld>(*kept, capacity_bytes, work); }, length,
            full_length};
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
    return joined({P::letter_allocate("4M-s", 4 * MiB, Who::s), P::letter_allocate("8M-s", 8 * MiB, Who::s),
                   P::letter_free(0, Order::all), P::letter_free(-1, Order::all), P::letter_free(-1, Order::own),
                   P::letter_last("8M-t", 8 * MiB)});
}

// A device that is full, and pieces that lie idle on it.
PoolWorld::Letters fragments() {
    using P = PoolWorld;
    return joined({P::letter_allocate("256-s", 256, Who::s), P::letter_allocate("1280K-s", 1280 * KiB, Who::s),
                   P::letter_allocate("5M-s", 5 * MiB, Who::s), P::letter_allocate("512-t", 512, Who::t),
                   P::letter_free(0, Order::all), P::letter_free_every_other(), P::letter_fill_up(2 * MiB)});
}

}  // namespace

const std::vector<Alphabet>& alphabets() {
    static const std::vector<Alphabet> all = {
        on_pool("pool-late", joined({everything(), PoolWorld::letter_finish()}), 24 * MiB, Work::queued, 5, 6),
        on_pool("pool-done", everything(), 24 * MiB, Work::done, 5, 6),
        on_pool("views", views(), 64 * MiB, Work::done, 9, 12),
        on_pool("fragments", fragments(), 24 * MiB, Work::done, 6, 8),
    };
    return all;
}

}  // namespace triune::sequences
