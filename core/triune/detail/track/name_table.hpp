// SPDX-License-Identifier: Apache-2.0
// Live allocations by name, for many threads.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>

#include <triune/detail/track/accounting_lock.hpp>
#include <triune/detail/track/name_index.hpp>
#include <triune/detail/track/name_key.hpp>
#include <triune/track/tracked_allocation.hpp>

namespace triune {

// Thread-safe: as many indices as leave two threads seldom at the same one, each under a lock of its own. What is
// called under one makes no call to this.
class NameTable {
  public:
    using Owner = boost::intrusive_ptr<TrackedAllocation>;

    // False, nothing changed, where the name is taken; else `then()` has run before anybody can find it, and where that
    // throws nothing has changed either. Throws std::bad_alloc. The allocation is one owner's more, this table's.
    template <typename Then>
    bool enter(TrackedAllocation& allocation, const NameKey& name, Then&& then) {
        Shard& shard = of(name);
        const std::lock_guard guard(shard.lock);
        if (!shard.names.enter(allocation, name)) return false;
        try {
            then();
        } catch (...) {
            shard.names.extract(name);
            throw;
        }
        intrusive_ptr_add_ref(&allocation);
        return true;
    }
    // Null where there is none.
    Owner find(const NameKey& name) const noexcept {
        const Shard& shard = of(name);
        const std::lock_guard guard(shard.lock);
        return shard.names.find(name);
    }
    Owner extract(const NameKey& name) noexcept {
        Shard& shard = of(name);
        const std::lock_guard guard(shard.lock);
        return {shard.names.extract(name), false};
    }
    // Null where the name is another's, or nobody's.
    Owner extract_if(const NameKey& name, const TrackedAllocation& expected) noexcept {
        Shard& shard = of(name);
        const std::lock_guard guard(shard.lock);
        return {shard.names.find(name) == &expected ? shard.names.extract(name) : nullptr, false};
    }
    // Any; null when no name is left. Never allocates.
    Owner extract_any() noexcept;
    template <typename Visit>
    void for_each(Visit&& visit) const {
        for (const Shard& shard : shards_) {
            const std::lock_guard guard(shard.lock);
            shard.names.for_each(visit);
        }
    }

    // See ForkGuard.
    void lock_for_fork() noexcept;
    void unlock_after_fork() noexcept;

  private:
    static constexpr std::size_t shard_bits = 6;
    struct alignas(64) Shard {
        mutable AccountingLock lock;
        NameIndex names;
    };

    // By the hash's first bits: the last ones are the index's.
    Shard& of(const NameKey& name) noexcept { return shards_[name.hash >> (32 - shard_bits)]; }
    const Shard& of(const NameKey& name) const noexcept { return shards_[name.hash >> (32 - shard_bits)]; }

    std::array<Shard, std::size_t{1} << shard_bits> shards_;
};

}  // namespace triune
