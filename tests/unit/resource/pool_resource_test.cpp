// SPDX-License-Identifier: Apache-2.0
// The pool as CCCL sees it. What was compiled against what, besides the CCCL that the build finds: this file by g++ 12
// against CCCL 3.0 (CUDA 13.0), 3.1.0, 3.2.0 and 3.4.2 (-DTRIUNE_CCCL_INCLUDE_DIRS), and run with 3.0 and 3.4.2; what
// takes a resource in 3.2.0 and 3.4.2 by nvcc 13.0 (tests/gpu/resource_on_gpu_test.cu).
#include <boost/test/unit_test.hpp>

#ifndef LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE
#define LIBCUDACXX_ENABLE_EXPERIMENTAL_MEMORY_RESOURCE  // CCCL 3.0 and 3.1 keep cuda::mr behind it
#endif

#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include <triune/resource/bad_allocation.hpp>
#include <triune/resource/pool_resource.hpp>

#include "../manage/on_manager.hpp"

using namespace triune;

namespace {

namespace mr = ::cuda::mr;

#if CCCL_VERSION < 3001000
static_assert(mr::resource<PoolResource>);
static_assert(mr::async_resource<PoolResource>);
static_assert(mr::async_resource_with<PoolResource, mr::device_accessible>);
static_assert(!mr::resource_with<PoolResource, mr::host_accessible>);
#else
static_assert(mr::synchronous_resource<PoolResource>);
static_assert(mr::resource<PoolResource>);
static_assert(mr::resource_with<PoolResource, mr::device_accessible>);
static_assert(!mr::synchronous_resource_with<PoolResource, mr::host_accessible>);
#endif
static_assert(std::is_nothrow_copy_constructible_v<PoolResource> && std::is_nothrow_move_constructible_v<PoolResource>);

// The same calls in the words of either CCCL.
#if CCCL_VERSION < 3001000
using Ref = mr::async_resource_ref<mr::device_accessible>;
using SyncRef = mr::resource_ref<mr::device_accessible>;
template <typename Resource>
void* allocate(Resource& resource, std::size_t bytes, std::size_t alignment) {
    return resource.allocate(bytes, alignment);
}
template <typename Resource>
void deallocate(Resource& resource, void* address, std::size_t bytes, std::size_t alignment) noexcept {
    resource.deallocate(address, bytes, alignment);
}
template <typename Resource>
void* allocate_on(Resource& resource, ::cuda::stream_ref stream, std::size_t bytes, std::size_t alignment) {
    return resource.allocate_async(bytes, alignment, stream);
}
template <typename Resource>
void deallocate_on(Resource& resource, ::cuda::stream_ref stream, void* address, std::size_t bytes,
                   std::size_t alignment) noexcept {
    resource.deallocate_async(address, bytes, alignment, stream);
}
#else
using Ref = mr::resource_ref<mr::device_accessible>;
using SyncRef = mr::synchronous_resource_ref<mr::device_accessible>;
template <typename Resource>
void* allocate(Resource& resource, std::size_t bytes, std::size_t alignment) {
    return resource.allocate_sync(bytes, alignment);
}
template <typename Resource>
void deallocate(Resource& resource, void* address, std::size_t bytes, std::size_t alignment) noexcept {
    resource.deallocate_sync(address, bytes, alignment);
}
template <typename Resource>
void* allocate_on(Resource& resource, ::cuda::stream_ref stream, std::size_t bytes, std::size_t alignment) {
    return resource.allocate(stream, bytes, alignment);
}
template <typename Resource>
void deallocate_on(Resource& resource, ::cuda::stream_ref stream, void* address, std::size_t bytes,
                   std::size_t alignment) noexcept {
    resource.deallocate(stream, address, bytes, alignment);
}
#endif

struct OnResource : OnManager {
    explicit OnResource(std::size_t limit_bytes = GpuMemoryManager::default_limit_bytes)
        : OnManager(limit_bytes), resource(manager, "solver"), on(static_cast<cudaStream_t>(stream.handle())) {}

    PoolResource resource;
    ::cuda::stream_ref on;  // the simulated device's stream, as CCCL takes it
};

struct OnTightResource : OnResource {
    OnTightResource() : OnResource(1000) {}
};

// What a library does that is written for CCCL: keeps a resource by reference, memory through it.
class Workspace {
  public:
    Workspace(Ref resource, ::cuda::stream_ref stream, std::size_t bytes)
        : resource_(resource), stream_(stream), bytes_(bytes), data_(allocate_on(resource_, stream, bytes, 512)) {}
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;
    ~Workspace() { deallocate_on(resource_, stream_, data_, bytes_, 512); }

    void* data() const { return data_; }

  private:
    Ref resource_;
    ::cuda::stream_ref stream_;
    std::size_t bytes_;
    void* data_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(pool_resource)

BOOST_FIXTURE_TEST_CASE(a_library_that_takes_a_resource_ref_draws_from_the_manager, OnResource) {
    {
        const Workspace workspace(resource, on, 3000);
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(workspace.data()) % 512 == 0U);
        BOOST_TEST(manager.total_allocated_bytes() == 3000U);
        BOOST_TEST(sim.fill(workspace.data(), 7, 1, 3000, stream.handle()).ok());
        stream.synchronize();
        BOOST_TEST(static_cast<const unsigned char*>(workspace.data())[2999] == 7);
    }
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(the_verbs_with_a_stream_reuse_its_memory_in_its_order, OnResource) {
    constexpr std::size_t bytes = 40 * MiB;
    const Stream other(sim);
    const ::cuda::stream_ref on_other(static_cast<cudaStream_t>(other.handle()));
    Ref ref(resource);
    void* const first = allocate_on(ref, on, bytes, 16);
    const Held held(sim);
    BOOST_TEST(sim.fill(first, 7, 1, bytes, stream.handle()).ok());
    deallocate_on(ref, on, first, bytes, 16);
    void* const elsewhere = allocate_on(ref, on_other, bytes, 16);
    void* const again = allocate_on(ref, on, bytes, 16);
    BOOST_TEST(elsewhere != first);
    BOOST_TEST(again == first);
    deallocate_on(ref, on_other, elsewhere, bytes, 16);
    deallocate_on(ref, on, again, bytes, 16);
}

BOOST_FIXTURE_TEST_CASE(the_verbs_without_a_stream_give_memory_that_no_work_uses, OnResource) {
    constexpr std::size_t bytes = 40 * MiB;
    SyncRef ref(resource);
    void* const first = allocate(ref, bytes, 16);
    const Held held(sim);
    BOOST_TEST(sim.fill(first, 7, 1, bytes, stream.handle()).ok());
    deallocate(ref, first, bytes, 16);
    void* const second = allocate(ref, bytes, 16);
    BOOST_TEST(second != first);
    std::memset(second, 1, bytes);
    deallocate(ref, second, bytes, 16);
    Ref stream_ordered(resource);
    const ::cuda::stream_ref on_default(cudaStream_t{});
    void* const third = allocate_on(stream_ordered, on_default, bytes, 16);
    BOOST_TEST(third != first);
    BOOST_TEST(third != second);
    deallocate_on(stream_ordered, on_default, third, bytes, 16);
}

BOOST_FIXTURE_TEST_CASE(refs_and_copies_are_equal_where_the_account_is, OnResource) {
    PoolResource copy = resource;
    PoolResource stranger(manager);
    BOOST_TEST((copy == resource));
    BOOST_TEST((stranger != resource));
    BOOST_TEST((PoolResource(resource.account()) == resource));
    BOOST_TEST((Ref(copy) == Ref(resource)));
    BOOST_TEST((Ref(stranger) != Ref(resource)));
    BOOST_TEST((PoolResource() == PoolResource()));
    PoolResource moved = std::move(copy);
    deallocate(copy, allocate(moved, 10, 16), 10, 16);  // NOLINT: a move is a copy here, and promised to be one
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(where_memory_has_run_out_a_bad_alloc_comes_through_the_ref, OnTightResource) {
    Ref ref(resource);
    BOOST_CHECK_THROW(static_cast<void>(allocate(ref, 1001, 16)), std::bad_alloc);
    BOOST_CHECK_THROW(static_cast<void>(allocate_on(ref, on, 1001, 16)), bad_allocation);
    BOOST_CHECK_THROW(static_cast<void>(allocate_on(ref, on, 100, 100)), invalid_argument);
    BOOST_TEST(allocate(ref, 0, 16) == nullptr);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}

BOOST_FIXTURE_TEST_CASE(what_stands_on_a_resource_may_outlive_the_manager, BalancedSim) {
    std::optional<GpuMemoryManager> manager(std::in_place, sim);
    const Stream stream(sim);
    PoolResource resource(*manager);
    const Workspace workspace(resource, ::cuda::stream_ref(static_cast<cudaStream_t>(stream.handle())), 100);
    manager.reset();
    std::memset(workspace.data(), 1, 100);
}

#if CCCL_VERSION >= 3002000
BOOST_FIXTURE_TEST_CASE(an_owning_wrapper_holds_a_copy, OnResource) {
    std::optional<PoolResource> original(resource);
    mr::any_resource<mr::device_accessible> any(*original);
    original.reset();
    void* const address = allocate_on(any, on, 100, 16);
    BOOST_TEST(manager.total_allocated_bytes() == 100U);
    deallocate_on(any, on, address, 100, 16);
    BOOST_TEST(manager.total_allocated_bytes() == 0U);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
