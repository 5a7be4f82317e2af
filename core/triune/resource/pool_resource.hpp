// SPDX-License-Identifier: Apache-2.0
// The pool as a memory resource of CCCL (`cuda::mr`).
//
// Needs CCCL 3.0 (CUDA 13.0) or newer on the include path. CCCL 3.0 and 3.1 keep `cuda::mr` behind a macro that has to
// be defined before the first header of CCCL: -DLIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE.
#pragma once

#if !__has_include(<cuda/version>)
#error "triune/resource/pool_resource.hpp needs the headers of CCCL 3.0 or newer, which come with CUDA 13.0"
#else
#include <cuda/version>
#if !defined(CCCL_VERSION) || CCCL_VERSION < 3000000
#error "triune/resource/pool_resource.hpp needs CCCL 3.0 or newer (CUDA 13.0); this one is older"
#elif CCCL_VERSION < 3002000 && !defined(LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE)
#error "define LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE before the first header of CCCL (versions 3.0 and 3.1)"
#else

#include <cstddef>
#include <cuda/memory_resource>
#include <cuda/stream_ref>
#include <source_location>
#include <string_view>

#include <triune/resource/pool_account.hpp>

namespace triune {

// `cuda::mr::resource` (and, as CCCL 3.0 calls it, `async_resource`) with the property device_accessible. Copies are
// the same account and equal; PoolAccount says what is counted, what bad input gets and what may outlive what. The
// verbs are those of the installed CCCL. Those without a stream: memory that is allocated serves any stream at once,
// memory that is given back waits for all work queued by then. Thread-safe.
class PoolResource {
  public:
#if CCCL_VERSION >= 3002000
    // What cuda::make_buffer and other makers of containers take the properties from.
    using default_queries = ::cuda::mr::properties_list<::cuda::mr::device_accessible>;
#endif

    // Of the current device's default manager; all such are equal. Throws device_error.
    PoolResource() = default;
    explicit PoolResource(GpuMemoryManager& manager, std::string_view name = "resource",
                          std::source_location where = std::source_location::current())
        : account_(manager, name, where) {}
    // Written out, because nvcc takes a defaulted one for a device function too and warns.
    PoolResource(const PoolResource& other) noexcept : account_(other.account_) {}
    PoolResource& operator=(const PoolResource& other) noexcept = default;
    explicit PoolResource(const PoolAccount& account) noexcept : account_(account) {}

    const PoolAccount& account() const noexcept { return account_; }

    // `bytes` and `alignment` are not looked at when memory goes back: the account knows them.
#if CCCL_VERSION < 3001000
    void* allocate(std::size_t bytes, std::size_t alignment = default_alignment) {
        return account_.allocate(bytes, alignment, StreamOrder::after_all());
    }
    void deallocate(void* address, std::size_t /*bytes*/, std::size_t /*alignment*/ = default_alignment) noexcept {
        account_.deallocate(address, StreamOrder::after_all());
    }
    void* allocate_async(std::size_t bytes, std::size_t alignment, ::cuda::stream_ref stream) {
        return account_.allocate(bytes, alignment, StreamOrder::on(stream.get()));
    }
    void* allocate_async(std::size_t bytes, ::cuda::stream_ref stream) {
        return allocate_async(bytes, default_alignment, stream);
    }
    void deallocate_async(void* address, std::size_t /*bytes*/, std::size_t /*alignment*/,
                          ::cuda::stream_ref stream) noexcept {
        account_.deallocate(address, StreamOrder::on(stream.get()));
    }
    void deallocate_async(void* address, std::size_t bytes, ::cuda::stream_ref stream) noexcept {
        deallocate_async(address, bytes, default_alignment, stream);
    }
#else
    void* allocate_sync(std::size_t bytes, std::size_t alignment = default_alignment) {
        return account_.allocate(bytes, alignment, StreamOrder::after_all());
    }
    void deallocate_sync(void* address, std::size_t /*bytes*/, std::size_t /*alignment*/ = default_alignment) noexcept {
        account_.deallocate(address, StreamOrder::after_all());
    }
    void* allocate(::cuda::stream_ref stream, std::size_t bytes, std::size_t alignment = default_alignment) {
        return account_.allocate(bytes, alignment, StreamOrder::on(stream.get()));
    }
    void deallocate(::cuda::stream_ref stream, void* address, std::size_t /*bytes*/,
                    std::size_t /*alignment*/ = default_alignment) noexcept {
        account_.deallocate(address, StreamOrder::on(stream.get()));
    }
#endif

    friend bool operator==(const PoolResource& a, const PoolResource& b) noexcept { return a.account_ == b.account_; }
    friend void get_property(const PoolResource&, ::cuda::mr::device_accessible) noexcept {}

  private:
    static constexpr std::size_t default_alignment = alignof(std::max_align_t);

    PoolAccount account_;
};

}  // namespace triune

#endif
#endif
