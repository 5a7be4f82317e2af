// SPDX-License-Identifier: Apache-2.0
// The verbs of memory.
#include <triune/detail/base/held_locks.hpp>
#include <triune/detail/device/sim/sim_state.hpp>
#include <triune/device/sim/sim_device.hpp>

namespace triune::sim {

Status SimDevice::pinned_allocate(void*& address, std::size_t bytes) noexcept {
    return impl_->answer(Verb::pinned_allocate, [&] { return impl_->memory.pinned_allocate(address, bytes); });
}

Status SimDevice::pinned_release(void* address) noexcept {
    HeldLocks::expect_none("pinned_release");
    return impl_->answer(Verb::pinned_release, [&] { return impl_->memory.pinned_release(address); });
}

Status SimDevice::memory_allocate(void*& address, std::size_t bytes) noexcept {
    return impl_->answer(Verb::memory_allocate, [&] { return impl_->memory.allocate(address, bytes); });
}

Status SimDevice::memory_release(void* address) noexcept {
    HeldLocks::expect_none("memory_release");
    return impl_->answer(Verb::memory_release, [&] {
        // Errors of earlier work are left for the next synchronize: this one must release whatever happened before.
        impl_->schedule.reach(impl_->schedule.capture_all());
        return impl_->memory.release(address);
    });
}

Status SimDevice::address_reserve(void*& address, std::size_t bytes) noexcept {
    return impl_->answer(Verb::address_reserve, [&] {
        if (!impl_->options.virtual_memory) return cuda_error::not_supported;
        return impl_->memory.reserve(address, bytes);
    });
}

Status SimDevice::address_release(void* address, std::size_t bytes) noexcept {
    return impl_->answer(Verb::address_release, [&] {
        if (!impl_->options.virtual_memory) return cuda_error::not_supported;
        return impl_->memory.release_reservation(address, bytes);
    });
}

Status SimDevice::chunk_create(ChunkHandle& chunk, std::size_t bytes) noexcept {
    return impl_->answer(Verb::chunk_create, [&] {
        if (!impl_->options.virtual_memory) return cuda_error::not_supported;
        return impl_->memory.chunk_create(chunk, bytes);
    });
}

Status SimDevice::chunk_release(ChunkHandle chunk) noexcept {
    return impl_->answer(Verb::chunk_release, [&] {
        if (!impl_->options.virtual_memory) return cuda_error::not_supported;
        return impl_->memory.chunk_release(chunk);
    });
}

Status SimDevice::map(void* address, ChunkHandle chunk, std::size_t bytes) noexcept {
    return impl_->answer(Verb::map, [&] {
        if (!impl_->options.virtual_memory) return cuda_error::not_supported;
        return impl_->memory.map(address, chunk, bytes);
    });
}

Status SimDevice::set_access(void* address, std::size_t bytes) noexcept {
    return impl_->answer(Verb::set_access, [&] {
        if (!impl_->options.virtual_memory) return cuda_error::not_supported;
        return impl_->memory.set_access(address, bytes);
    });
}

Status SimDevice::unmap(void* address, std::size_t bytes) noexcept {
    return impl_->answer(Verb::unmap, [&] {
        if (!impl_->options.virtual_memory) return cuda_error::not_supported;
        return impl_->memory.unmap(address, bytes);
    });
}

}  // namespace triune::sim
