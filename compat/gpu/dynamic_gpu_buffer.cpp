// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "growing_buffer.hpp"
#include "legacy_error.hpp"

namespace gpu {

namespace compat = triune::compat;

struct DynamicGpuBuffer::Impl : compat::GrowingBuffer {
    using GrowingBuffer::GrowingBuffer;
};

DynamicGpuBuffer::DynamicGpuBuffer(std::string name, BufferConfig config,
                                   std::shared_ptr<utils::CudaErrorHandler> error_handler)
    : impl_(compat::with_runtime_errors([&] { return new Impl(std::move(name), config, std::move(error_handler)); })) {}

DynamicGpuBuffer::~DynamicGpuBuffer() { delete impl_; }
DynamicGpuBuffer::DynamicGpuBuffer(DynamicGpuBuffer&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
DynamicGpuBuffer& DynamicGpuBuffer::operator=(DynamicGpuBuffer&& other) noexcept {
    if (this != &other) delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    return *this;
}

void DynamicGpuBuffer::ensure_capacity(std::size_t required_elements) {
    compat::with_runtime_errors([&] {
        impl_->state->reserve(impl_->bytes_of(required_elements), triune::StreamOrder::after_all());
        impl_->note_growth();
    });
}

void* DynamicGpuBuffer::as_ptr() const noexcept { return impl_->state->data(); }
std::size_t DynamicGpuBuffer::capacity_bytes() const noexcept { return impl_->state->capacity_bytes(); }
std::size_t DynamicGpuBuffer::size_bytes() const noexcept { return impl_->state->size_bytes(); }
void DynamicGpuBuffer::set_size(std::size_t size_bytes) noexcept { impl_->state->set_size_bytes(size_bytes); }
bool DynamicGpuBuffer::is_allocated() const noexcept { return capacity_bytes() != 0; }

BufferStats DynamicGpuBuffer::get_stats() const {
    return compat::with_runtime_errors([&] {
        triune::BufferStats stats = impl_->state->stats();
        return BufferStats{std::move(stats.name), stats.capacity_bytes, stats.allocated_bytes, stats.utilization};
    });
}

const std::string& DynamicGpuBuffer::name() const noexcept { return impl_->state->name(); }

}  // namespace gpu

namespace triune::compat {

// Note [Behind a buffer]
// The frozen class keeps its implementation private and names no friend, but its manager must prepare the growth of
// thirteen buffers before it commits any. An explicit instantiation may name a private member ([temp.spec]), and so can
// hand on the pointer to it.
template <auto implementation>
struct Behind {
    friend GrowingBuffer& implementation_of(gpu::DynamicGpuBuffer& buffer) noexcept {
        return *(buffer.*implementation);
    }
};
template struct Behind<&gpu::DynamicGpuBuffer::impl_>;
GrowingBuffer& implementation_of(gpu::DynamicGpuBuffer& buffer) noexcept;

GrowingBuffer& behind(gpu::DynamicGpuBuffer& buffer) noexcept { return implementation_of(buffer); }

}  // namespace triune::compat
