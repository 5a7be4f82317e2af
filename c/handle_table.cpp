// SPDX-License-Identifier: Apache-2.0
#include "handle_table.hpp"

#include <new>

#include <triune/detail/base/thread_number.hpp>

namespace triune::c {

const char* kind_with_article(HandleKind kind) noexcept {
    switch (kind) {
        case HandleKind::manager:
            return "a manager";
        case HandleKind::buffer:
            return "a buffer";
        case HandleKind::view:
            return "a view";
        case HandleKind::leaks:
            return "a list of leaks";
        case HandleKind::stream:
            return "a stream";
        case HandleKind::account:
            return "an account";
        case HandleKind::scope:
            return "a scope";
    }
    return "something else";
}

// Never destroyed: handles are released by static destructors too.
HandleTable& HandleTable::instance() {
    static HandleTable* const table = new HandleTable;
    return *table;
}

HandleTable::~HandleTable() {
    for (const Shard& shard : shards_) {
        for (const auto& chunk : shard.chunks) delete[] chunk.load(std::memory_order_relaxed);
    }
}

HandleTable::Slot& HandleTable::new_slot(Shard& shard, std::uint32_t& position) {
    position = shard.used;
    const std::size_t chunk = chunk_of(position);
    if (chunk >= max_chunks) throw std::bad_alloc();
    Slot* slots = shard.chunks[chunk].load(std::memory_order_relaxed);
    if (slots == nullptr) {
        slots = new Slot[first_chunk << chunk];
        shard.chunks[chunk].store(slots, std::memory_order_release);
    }
    ++shard.used;
    return slots[inside_chunk(position)];
}

std::uintptr_t HandleTable::open(HandleKind kind, void* object) {
    const std::uint32_t index_in_shards = this_thread_number() % shard_count;
    Shard& shard = shards_[index_in_shards];
    const std::lock_guard lock(shard.mutex);
    std::uint32_t position = shard.first_free - 1;
    Slot* slot = nullptr;
    if (shard.first_free != 0) {
        slot = &shard.chunks[chunk_of(position)].load(std::memory_order_relaxed)[inside_chunk(position)];
        shard.first_free = slot->next_free;
    } else {
        slot = &new_slot(shard, position);
    }
    if (++slot->rounds == 0) ++slot->rounds;
    const std::uintptr_t index = std::uintptr_t{position} * shard_count + index_in_shards;
    const std::uintptr_t handle =
        (std::uintptr_t{slot->rounds} << 32U) | (index << 4U) | static_cast<std::uintptr_t>(kind);
    slot->object.store(object, std::memory_order_relaxed);
    slot->handle.store(handle, std::memory_order_release);
    return handle;
}

HandleTable::Slot* HandleTable::slot_of(std::uintptr_t handle) const noexcept {
    const auto index = static_cast<std::uint32_t>((handle >> 4U) & 0xFFFFFFFU);
    const std::uint32_t position = index / std::uint32_t{shard_count};
    const std::size_t chunk = chunk_of(position);
    if (chunk >= max_chunks) return nullptr;
    Slot* const slots = shards_[index % shard_count].chunks[chunk].load(std::memory_order_acquire);
    return slots == nullptr ? nullptr : &slots[inside_chunk(position)];
}

HandleTable::Found HandleTable::find(std::uintptr_t handle, HandleKind kind) const noexcept {
    if (handle == 0) return {Answer::null, {}, nullptr};
    const Slot* const slot = slot_of(handle);
    const auto own_kind = static_cast<HandleKind>(handle & 0xFU);
    const bool is_kind = own_kind >= HandleKind::manager && own_kind <= HandleKind::scope;
    if (slot == nullptr || !is_kind || (handle >> 32U) == 0) return {Answer::no_handle, {}, nullptr};
    const std::uintptr_t now = slot->handle.load(std::memory_order_acquire);
    // Another kind's ticket of an earlier round is told from none only where it is in use; both are refused.
    if (now != handle) return {own_kind == kind ? Answer::released : Answer::no_handle, {}, nullptr};
    if (own_kind != kind) return {Answer::other_kind, own_kind, nullptr};
    return {Answer::found, kind, slot->object.load(std::memory_order_relaxed)};
}

HandleTable::Found HandleTable::close(std::uintptr_t handle, HandleKind kind) noexcept {
    const Found found = find(handle, kind);
    if (found.answer != Answer::found) return found;
    const auto index = static_cast<std::uint32_t>((handle >> 4U) & 0xFFFFFFFU);
    Shard& shard = shards_[index % shard_count];
    Slot& slot = *slot_of(handle);
    const std::lock_guard lock(shard.mutex);
    if (slot.handle.load(std::memory_order_relaxed) != handle) return {Answer::released, {}, nullptr};
    slot.handle.store(0, std::memory_order_relaxed);
    slot.object.store(nullptr, std::memory_order_relaxed);
    slot.next_free = shard.first_free;
    shard.first_free = index / std::uint32_t{shard_count} + 1;
    return found;
}

void HandleTable::lock_for_fork() noexcept {
    for (Shard& shard : shards_) shard.mutex.lock();
}
void HandleTable::unlock_after_fork() noexcept {
    for (Shard& shard : shards_) shard.mutex.unlock();
}

}  // namespace triune::c
