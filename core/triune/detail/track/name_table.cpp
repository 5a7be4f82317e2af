// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/name_table.hpp>

namespace triune {

NameTable::Owner NameTable::extract_any() noexcept {
    for (Shard& shard : shards_) {
        const std::lock_guard guard(shard.lock);
        if (TrackedAllocation* const found = shard.names.extract_any()) return {found, false};
    }
    return nullptr;
}

void NameTable::lock_for_fork() noexcept {
    for (Shard& shard : shards_) shard.lock.lock();
}

void NameTable::unlock_after_fork() noexcept {
    for (Shard& shard : shards_) shard.lock.unlock();
}

}  // namespace triune
