// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/ledger_shards.hpp>

#include <mutex>

namespace triune {

void LedgerShards::open(std::size_t number) noexcept {
    const std::lock_guard guard(opening_);
    open_.fetch_or(std::uint64_t{1} << number, std::memory_order_relaxed);
}

void LedgerShards::lock_all() noexcept {
    opening_.lock();
    for_each([](LedgerShard& shard) { shard.lock.lock(); });
}

// Nothing is touched once the last lock is released: with it the registry may go.
void LedgerShards::unlock_all() noexcept {
    for_each([](LedgerShard& shard) { shard.lock.unlock(); });
    opening_.unlock();
}

std::size_t LedgerShards::size() noexcept {
    std::size_t sum = 0;
    for_each([&](const LedgerShard& shard) { sum += shard.ledger.size(); });
    return sum;
}

std::size_t LedgerShards::buffer_count() noexcept {
    std::size_t sum = 0;
    for_each([&](const LedgerShard& shard) { sum += shard.buffer_count; });
    return sum;
}

void LedgerShards::begin_new_ids() noexcept {
    for_each([](LedgerShard& shard) { shard.ids.drop(); });
}

}  // namespace triune
