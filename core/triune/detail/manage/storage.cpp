// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/storage.hpp>

#include <memory>

#include <triune/detail/alloc/span/span.hpp>
#include <triune/manage/device_resources.hpp>

namespace triune {

Storage Storage::pooled(DeviceResources& resources, std::size_t bytes, StreamHandle stream) {
    return Storage(reinterpret_cast<std::uintptr_t>(resources.pool.allocate(bytes, stream).span));
}

Storage Storage::zeroed(DeviceResources& resources, std::size_t bytes, StreamHandle stream) {
    return Storage(reinterpret_cast<std::uintptr_t>(resources.pool.allocate_zeroed(bytes, stream).span));
}

Storage Storage::mapped(DeviceResources& resources, std::size_t bytes, std::size_t reserve_bytes) {
    return Storage(reinterpret_cast<std::uintptr_t>(resources.mappings.acquire(reserve_bytes, bytes).release()) |
                   mapped_bit);
}

std::byte* Storage::data() const noexcept {
    if (holder_ == 0) return nullptr;
    return is_mapped() ? mapping().mapping.data() : span()->data;
}

std::size_t Storage::usable_bytes() const noexcept {
    if (holder_ == 0) return 0;
    return is_mapped() ? mapping().mapping.committed_bytes() : span()->bytes;
}

std::size_t Storage::reserved_bytes() const noexcept {
    return is_mapped() ? mapping().mapping.reserved_bytes() : usable_bytes();
}

const void* Storage::allocation() const noexcept {
    if (holder_ == 0) return nullptr;
    if (is_mapped()) return &mapping();
    return span()->segment;
}

void Storage::commit(std::size_t bytes) { mapping().mapping.commit(bytes); }

void Storage::decommit(std::size_t bytes) noexcept { mapping().mapping.decommit(bytes); }

void Storage::release(DeviceResources& resources, StreamOrder order) noexcept {
    if (is_mapped()) {
        resources.mappings.release(std::unique_ptr<PooledMapping>(&mapping()), order);
    } else if (Span* const given = span()) {
        resources.pool.deallocate({given->data, given->bytes, given}, order);
    }
    holder_ = 0;
}

}  // namespace triune
