// SPDX-License-Identifier: Apache-2.0
// rmm's pools, and the growth of its device_buffer. Written for rmm 25.x and newer: headers moved and the arguments of
// allocate changed places on the way.
#include <rmm/cuda_stream_view.hpp>
#include <rmm/device_buffer.hpp>
#if __has_include(<rmm/mr/pool_memory_resource.hpp>)
#include <rmm/mr/arena_memory_resource.hpp>
#include <rmm/mr/cuda_memory_resource.hpp>
#include <rmm/mr/pool_memory_resource.hpp>
#else
#include <rmm/mr/device/arena_memory_resource.hpp>
#include <rmm/mr/device/cuda_memory_resource.hpp>
#include <rmm/mr/device/pool_memory_resource.hpp>
#endif

#include <cuda_runtime_api.h>

#include <optional>

#include <triune/device/devices.hpp>

#include "contestant_list.hpp"
#include "grower.hpp"

namespace bench {
namespace {

rmm::cuda_stream_view view(Stream stream) { return rmm::cuda_stream_view(static_cast<cudaStream_t>(stream)); }

template <typename Resource>
void* allocate_from(Resource& resource, std::size_t bytes, Stream stream) {
    if constexpr (requires { resource.allocate(view(stream), bytes); }) {
        return resource.allocate(view(stream), bytes);
    } else {
        return resource.allocate_async(bytes, view(stream));
    }
}

template <typename Resource>
void deallocate_to(Resource& resource, void* data, std::size_t bytes, Stream stream) {
    if constexpr (requires { resource.deallocate(view(stream), data, bytes); }) {
        resource.deallocate(view(stream), data, bytes);
    } else {
        resource.deallocate_async(data, bytes, view(stream));
    }
}

std::size_t used_bytes() {
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    return cudaMemGetInfo(&free_bytes, &total_bytes) == cudaSuccess ? total_bytes - free_bytes : 0;
}

// Begins with nothing and grows as it sees fit: a big first piece would hide what it holds.
struct PoolResource {
    rmm::mr::cuda_memory_resource upstream;
    rmm::mr::pool_memory_resource<rmm::mr::cuda_memory_resource> resource{&upstream, 0};

    std::size_t reserved_bytes(std::size_t) { return resource.pool_size(); }
};

// Takes half of the free memory at once, as it does unless told otherwise, so what it holds says nothing.
struct ArenaResource {
    rmm::mr::cuda_memory_resource upstream;
    rmm::mr::arena_memory_resource<rmm::mr::cuda_memory_resource> resource{&upstream};

    std::size_t reserved_bytes(std::size_t before) { return used_bytes() - before; }
};

template <typename Owner>
class Rmm final : public Contestant {
  public:
    Piece allocate(std::size_t bytes, Stream stream) override {
        return {allocate_from(owner_.resource, bytes, stream), nullptr};
    }
    void deallocate(Piece piece, std::size_t bytes, Stream stream) override {
        deallocate_to(owner_.resource, piece.data, bytes, stream);
    }
    std::size_t reserved_bytes() override { return owner_.reserved_bytes(before_); }

  private:
    std::size_t before_ = used_bytes();
    Owner owner_;
};

class RmmBuffer final : public Grower {
  public:
    void begin(std::size_t bytes, std::size_t, triune::StreamHandle stream) override {
        if (!pool_) pool_.emplace();
        buffer_.emplace(bytes, view(stream), rmm::device_async_resource_ref{pool_->resource});
    }
    void grow(std::size_t bytes, triune::StreamHandle stream, const std::function<void()>& at_peak) override {
        buffer_->resize(bytes, view(stream));
        if (at_peak) at_peak();  // the pool keeps what it had
    }
    void* data() override { return buffer_->data(); }
    std::size_t bytes() override { return buffer_->size(); }
    void end(triune::StreamHandle) override {
        buffer_.reset();
        pool_.reset();
    }

  private:
    std::optional<PoolResource> pool_;
    std::optional<rmm::device_buffer> buffer_;
};

}  // namespace

std::vector<Entry> rmm_entries() {
    return {{"rmm pool", [] { return std::make_unique<Rmm<PoolResource>>(); }},
            {"rmm arena", [] { return std::make_unique<Rmm<ArenaResource>>(); }}};
}

std::vector<GrowerEntry> rmm_growers() {
    if (triune::default_device_kind() != triune::DeviceKind::cuda) return {};
    return {{"rmm device_buffer", [] { return std::make_unique<RmmBuffer>(); }}};
}

}  // namespace bench
