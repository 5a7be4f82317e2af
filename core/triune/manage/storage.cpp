// SPDX-License-Identifier: Apache-2.0
#include <triune/manage/storage.hpp>

#include <memory>

#include <triune/alloc/span/span.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

Storage Storage::pooled(DeviceResources& resources, std::size_t bytes, StreamHandle stream) {
    return Storage(reinterpret_cast<std::uintptr_t>(resources.pool.allocate(bytes, stream).range));
}

Storage Storage::zeroed(DeviceResources& resources, std::size_t bytes, StreamHandle stream) {
    return Storage(reinterpret_cast<std::uintptr_t>(resources.pool.allocate_zeroed(bytes, stream).range));
}

Storage Storage::mapped(DeviceResources& resources, std::size_t bytes, std::size_t reserve_bytes) {
    return Storage(reinterpret_cast<std::uintptr_t>(resources.arenas.obtain(reserve_bytes, bytes).release()) |
                   arena_bit);
}

std::byte* Storage::data() const noexcept {
    if (holder_ == 0) return nullptr;
    return is_mapped() ? arena().arena.data() : range()->data;
}

std::size_t Storage::usable_bytes() const noexcept {
    if (holder_ == 0) return 0;
    return is_mapped() ? arena().arena.committed_bytes() : range()->bytes;
}

std::size_t Storage::reserved_bytes() const noexcept {
    return is_mapped() ? arena().arena.reserved_bytes() : usable_bytes();
}

const void* Storage::allocation() const noexcept {
    if (holder_ == 0) return nullptr;
    if (is_mapped()) return &arena();
    return range()->slab;
}

void Storage::commit(std::size_t bytes) { arena().arena.commit(bytes); }

void Storage::decommit(std::size_t bytes) noexcept { arena().arena.decommit(bytes); }

void Storage::release(DeviceResources& resources, StreamOrder order) noexcept {
    if (is_mapped()) {
        resources.arenas.retire(std::unique_ptr<PooledArena>(&arena()), order);
    } else if (Range* const given = range()) {
        resources.pool.deallocate({given->data, given->bytes, given}, order);
    }
    holder_ = 0;
}

}  // namespace triune
