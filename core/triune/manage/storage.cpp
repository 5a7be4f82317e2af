#include <triune/manage/storage.hpp>

#include <utility>

#include <triune/alloc/range.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

Storage::Storage() noexcept = default;

Storage::~Storage() = default;

Storage Storage::pooled(DeviceResources& resources, std::size_t bytes, StreamHandle stream) {
    Storage storage;
    storage.resources_ = &resources;
    storage.block_ = resources.pool.allocate(bytes, stream);
    return storage;
}

Storage Storage::mapped(DeviceResources& resources, std::size_t bytes, std::size_t reserve_bytes) {
    Storage storage;
    storage.resources_ = &resources;
    storage.arena_ = resources.arenas.obtain(reserve_bytes, bytes);
    return storage;
}

Storage::Storage(Storage&& other) noexcept
    : resources_(std::exchange(other.resources_, nullptr)),
      block_(std::exchange(other.block_, {})),
      arena_(std::move(other.arena_)) {}

Storage& Storage::operator=(Storage&& other) noexcept {
    if (this != &other) {
        release(StreamOrder::after_all());
        resources_ = std::exchange(other.resources_, nullptr);
        block_ = std::exchange(other.block_, {});
        arena_ = std::move(other.arena_);
    }
    return *this;
}

std::byte* Storage::data() const noexcept {
    return is_mapped() ? arena_->arena.data() : static_cast<std::byte*>(block_.data);
}

std::size_t Storage::usable_bytes() const noexcept {
    return is_mapped() ? arena_->arena.committed_bytes() : block_.bytes;
}

std::size_t Storage::reserved_bytes() const noexcept {
    return is_mapped() ? arena_->arena.reserved_bytes() : block_.bytes;
}

const void* Storage::allocation() const noexcept {
    if (is_mapped()) return arena_.get();
    return block_.range != nullptr ? block_.range->slab : nullptr;
}

void Storage::commit(std::size_t bytes) { arena_->arena.commit(bytes); }

void Storage::decommit(std::size_t bytes) noexcept { arena_->arena.decommit(bytes); }

void Storage::release(StreamOrder order) noexcept {
    if (resources_ == nullptr) return;
    if (is_mapped()) {
        resources_->arenas.retire(std::move(arena_), order);
    } else {
        resources_->pool.deallocate(std::exchange(block_, {}), order);
    }
    resources_ = nullptr;
}

}  // namespace triune
