// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/cuda_device.hpp>

#include <cuda_runtime_api.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <utility>

#include <triune/detail/base/held_locks.hpp>
#include <triune/detail/device/cuda/calls.hpp>
#include <triune/detail/device/cuda/capabilities.hpp>
#include <triune/detail/device/cuda/captures.hpp>
#include <triune/detail/device/cuda/copy_graph.hpp>
#include <triune/detail/device/cuda/current_context.hpp>
#include <triune/detail/device/cuda/driver.hpp>
#include <triune/detail/device/cuda/gather.hpp>
#include <triune/detail/device/cuda/nvtx.hpp>
#include <triune/detail/device/cuda/own_streams.hpp>
#include <triune/detail/device/cuda/wait_until.hpp>
#include <triune/detail/device/cuda/whole_device_wait.hpp>

namespace triune::cuda {
namespace {

// The driver counts its streams from 1.
constexpr std::uint64_t default_stream_id = 0;

class CudaDevice final : public Device {
  public:
    // `multiprocessors`: how many the kernel of copy_on_device may use; 0 where there is no such kernel for the device.
    CudaDevice(DeviceProperties properties, CUcontext context, int multiprocessors)
        : properties_(std::move(properties)), context_(context), multiprocessors_(multiprocessors) {}

    const DeviceProperties& properties() const noexcept override { return properties_; }

    Status memory_info(DeviceMemoryInfo& info) noexcept override {
        return here([&] {
            DeviceMemoryInfo found;
            const Status status = runtime(cudaMemGetInfo(&found.free_bytes, &found.total_bytes), "cudaMemGetInfo");
            if (status.ok()) info = found;
            return status;
        });
    }

    Status synchronize() noexcept override {
        HeldLocks::expect_none("synchronize");
        bool complete = false;
        return here([&] { return whole_device_.wait(own_streams_, std::chrono::hours(24 * 365), complete); });
    }

    Status synchronize_within(std::chrono::nanoseconds at_most, bool& complete) noexcept override {
        HeldLocks::expect_none("synchronize_within");
        return here([&] { return whole_device_.wait(own_streams_, at_most, complete); });
    }

    Status last_error() noexcept override {
        return here([] {
            const cudaError_t error = cudaGetLastError();
            return error == cudaSuccess ? success : Status{static_cast<int>(error), "cudaGetLastError"};
        });
    }

    Status stream_create(StreamHandle& stream) noexcept override {
        return here([&] {
            cudaStream_t created = nullptr;
            const Status status =
                runtime(cudaStreamCreateWithFlags(&created, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
            if (!status.ok()) return status;
            const Status known = runtime(own_streams_.add(created), "keeping a new stream");
            if (known.ok()) {
                stream = created;
            } else {
                static_cast<void>(cudaStreamDestroy(created));
            }
            return known;
        });
    }

    Status stream_destroy(StreamHandle stream) noexcept override {
        own_streams_.remove(stream_of(stream));
        return here([&] { return runtime(cudaStreamDestroy(stream_of(stream)), "cudaStreamDestroy"); });
    }

    Status stream_synchronize(StreamHandle stream) noexcept override {
        HeldLocks::expect_none("stream_synchronize");
        return here([&] { return runtime(cudaStreamSynchronize(stream_of(stream)), "cudaStreamSynchronize"); });
    }

    // Asked of the driver: the runtime would remember "not ready" as its last error, and clearing that might take an
    // error of the application along.
    Status stream_query(StreamHandle stream, bool& idle) noexcept override {
        return here([&] { return answer(driver().stream_query(stream_of(stream)), idle); });
    }

    Status stream_wait(StreamHandle stream, EventHandle event) noexcept override {
        return here(
            [&] { return runtime(cudaStreamWaitEvent(stream_of(stream), event_of(event), 0), "cudaStreamWaitEvent"); });
    }

    // Asked at each allocation, so of the driver: 15 ns, where the runtime takes 50. A created stream knows its
    // context.
    Status stream_id(StreamHandle stream, std::uint64_t& id) noexcept override {
        if (stream == nullptr || stream == cudaStreamLegacy) {
            id = default_stream_id;
            return success;
        }
        const auto ask = [&]() -> Status {
            // Its number, asked for, would spoil the graph.
            if (captures_seen_.load(std::memory_order_relaxed) && captures(stream_of(stream)))
                return {cuda_error::stream_capture_unsupported, "cuStreamGetId"};
            unsigned long long found = 0;
            const Status status = driver().stream_id(stream_of(stream), &found);
            if (status.ok()) id = found;
            return status;
        };
        return stream == cudaStreamPerThread ? here(ask) : ask();
    }

    // 28 ns for each of the two questions, so nothing that is asked at each allocation.
    Status stream_state(StreamHandle stream, StreamState& state) noexcept override {
        return here([&] {
            StreamState found;
            const CUstream asked = stream == nullptr ? CU_STREAM_LEGACY : stream_of(stream);
            const Status status = ask_capture(asked, found.capturing);
            if (found.capturing) captures_seen_.store(true, std::memory_order_relaxed);
            if (!status.ok()) return status;
            if (!found.capturing && stream != nullptr && stream != cudaStreamLegacy && stream != cudaStreamPerThread) {
                found.of_this_device = is_of_this_device(asked);
            }
            state = found;
            return success;
        });
    }

    Status stream_call(StreamHandle stream, HostFunction function, void* argument) noexcept override {
        return here(
            [&] { return runtime(cudaLaunchHostFunc(stream_of(stream), function, argument), "cudaLaunchHostFunc"); });
    }

    // A blocking event ends in an interrupt: a stream that waits for one was seen to begin 4 to 7 us later.
    Status event_create(EventHandle& event, EventUse use) noexcept override {
        return here([&] {
            const unsigned flags =
                cudaEventDisableTiming | (use == EventUse::waited_for ? cudaEventBlockingSync : cudaEventDefault);
            cudaEvent_t created = nullptr;
            const Status status = runtime(cudaEventCreateWithFlags(&created, flags), "cudaEventCreateWithFlags");
            if (status.ok()) event = created;
            return status;
        });
    }

    Status event_destroy(EventHandle event) noexcept override {
        return here([&] { return runtime(cudaEventDestroy(event_of(event)), "cudaEventDestroy"); });
    }

    Status event_record(EventHandle event, StreamHandle stream) noexcept override {
        return here([&] { return runtime(cudaEventRecord(event_of(event), stream_of(stream)), "cudaEventRecord"); });
    }

    Status event_record_device(EventHandle event) noexcept override {
        if (captures_seen_.load(std::memory_order_relaxed)) {
            return {cuda_error::stream_capture_unsupported, "cuCtxRecordEvent"};
        }
        const Status recorded = here([&] { return driver().context_record_event(context_, event_of(event)); });
        if (recorded.cuda_error == cuda_error::stream_capture_unsupported) {
            captures_seen_.store(true, std::memory_order_relaxed);
        }
        return recorded;
    }

    Status event_query(EventHandle event, bool& complete) noexcept override {
        return here([&] { return answer(driver().event_query(event_of(event)), complete); });
    }

    // Most events are made to sleep while they are waited for, so that a waiting thread costs no core; a wake-up takes
    // some tens of microseconds, so what is about to complete, as a megabyte that crosses the link, is waited for
    // awake.
    Status event_synchronize(EventHandle event) noexcept override {
        bool complete = false;
        const Status asked = event_wait(event, std::chrono::microseconds(50), complete);
        if (complete || !asked.ok()) return asked;
        return here([&] { return runtime(cudaEventSynchronize(event_of(event)), "cudaEventSynchronize"); });
    }

    Status event_wait(EventHandle event, std::chrono::nanoseconds at_most, bool& complete) noexcept override {
        HeldLocks::expect_none("event_wait");
        const auto end = std::chrono::steady_clock::now() + at_most;
        return here([&] {
            return wait_until(end, complete, [&] { return driver().event_query(event_of(event)); });
        });
    }

    Status copy(void* to, const void* from, std::size_t bytes, StreamHandle stream) noexcept override {
        if (bytes == 0) return success;
        return here([&] {
            return runtime(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream_of(stream)), "cudaMemcpyAsync");
        });
    }

    Status copy_on_device(std::span<const CopyPiece> pieces, StreamHandle stream) noexcept override {
        return here(
            [&] { return runtime(copy_as_one(pieces, multiprocessors_, stream_of(stream)), "copy_on_device"); });
    }

    Status fill(void* to, std::uint32_t value, unsigned width, std::size_t count,
                StreamHandle stream) noexcept override {
        if (width != 1 && width != 2 && width != 4) return {cuda_error::invalid_value, "fill"};
        if (count == 0) return success;
        return here([&] {
            const CUdeviceptr address = address_of(to);
            const CUstream queue = stream_of(stream);
            if (width == 1) return driver().fill_1(address, static_cast<unsigned char>(value), count, queue);
            if (width == 2) return driver().fill_2(address, static_cast<unsigned short>(value), count, queue);
            return driver().fill_4(address, value, count, queue);
        });
    }

    // Portable: pinned for every device of the process, so that slots made for one device serve all.
    Status pinned_allocate(void*& address, std::size_t bytes) noexcept override {
        return here([&] {
            void* found = nullptr;
            const Status status = runtime(cudaHostAlloc(&found, bytes, cudaHostAllocPortable), "cudaHostAlloc");
            if (status.ok()) address = found;
            return status;
        });
    }

    Status pinned_release(void* address) noexcept override {
        HeldLocks::expect_none("pinned_release");
        return here([&] { return runtime(cudaFreeHost(address), "cudaFreeHost"); });
    }

    Status memory_allocate(void*& address, std::size_t bytes) noexcept override {
        return here([&] {
            void* found = nullptr;
            const Status status = runtime(cudaMalloc(&found, bytes), "cudaMalloc");
            if (status.ok()) address = found;
            return status;
        });
    }

    // cudaFree waits for the device in practice, but nothing promises it.
    Status memory_release(void* address) noexcept override {
        return here([&] {
            const Status waited = synchronize();
            return waited.ok() ? runtime(cudaFree(address), "cudaFree") : waited;
        });
    }

    Status address_reserve(void*& address, std::size_t bytes) noexcept override {
        if (bytes == 0) return success;
        return with_virtual_memory("cuMemAddressReserve", [&] {
            CUdeviceptr found = 0;
            const Status status = driver().address_reserve(&found, bytes, 0, 0, 0);
            if (status.ok()) address = reinterpret_cast<void*>(found);
            return status;
        });
    }

    Status address_release(void* address, std::size_t bytes) noexcept override {
        if (bytes == 0) return success;
        return with_virtual_memory("cuMemAddressFree",
                                   [&] { return driver().address_free(address_of(address), bytes); });
    }

    Status chunk_create(ChunkHandle& chunk, std::size_t bytes) noexcept override {
        if (bytes == 0) return success;
        return with_virtual_memory("cuMemCreate", [&] {
            const CUmemAllocationProp kind = chunk_kind(properties_.ordinal);
            CUmemGenericAllocationHandle found = 0;
            const Status status = driver().chunk_create(&found, bytes, &kind, 0);
            if (status.ok()) chunk = found;
            return status;
        });
    }

    Status chunk_release(ChunkHandle chunk) noexcept override {
        return with_virtual_memory("cuMemRelease", [&] { return driver().chunk_release(chunk); });
    }

    Status map(void* address, ChunkHandle chunk, std::size_t bytes) noexcept override {
        if (bytes == 0) return success;
        return with_virtual_memory("cuMemMap", [&] { return driver().map(address_of(address), bytes, 0, chunk, 0); });
    }

    Status set_access(void* address, std::size_t bytes) noexcept override {
        if (bytes == 0) return success;
        return with_virtual_memory("cuMemSetAccess", [&] {
            CUmemAccessDesc access{};
            access.location = chunk_kind(properties_.ordinal).location;
            access.flags = CU_MEM_ACCESS_FLAGS_PROT_READWRITE;
            return driver().set_access(address_of(address), bytes, &access, 1);
        });
    }

    Status unmap(void* address, std::size_t bytes) noexcept override {
        if (bytes == 0) return success;
        return with_virtual_memory("cuMemUnmap", [&] { return driver().unmap(address_of(address), bytes); });
    }

    Status peer_access(int other_ordinal, bool& possible) noexcept override {
        int found = 0;
        const Status status =
            runtime(cudaDeviceCanAccessPeer(&found, properties_.ordinal, other_ordinal), "cudaDeviceCanAccessPeer");
        if (status.ok()) possible = found != 0;
        return status;
    }

  private:
    // Streams of contexts that are not the primary one, as green contexts, are asked for their device.
    bool is_of_this_device(CUstream stream) const noexcept {
        CUdevice device = 0;
        if (driver().stream_device && driver().stream_device(stream, &device).ok())
            return device == properties_.ordinal;
        CUcontext context = nullptr;
        return !driver().stream_context(stream, &context).ok() || context == context_;
    }

    // Runs `verb` with this device current.
    template <class Verb>
    Status here(Verb verb) noexcept {
        const CurrentContext current(context_);
        return current.status().ok() ? verb() : current.status();
    }

    // The same for the address and chunk verbs, which a device may lack although its driver has the entry points.
    template <class Verb>
    Status with_virtual_memory(const char* call, Verb verb) noexcept {
        if (!properties_.virtual_memory) return {cuda_error::not_supported, call};
        return here(verb);
    }

    const DeviceProperties properties_;
    // The primary context, which the runtime uses too. Retained for the process's life: a device that is never closed
    // gives nothing back after main.
    const CUcontext context_;
    const int multiprocessors_;
    OwnStreams own_streams_;
    WholeDeviceWait whole_device_;
    // Whether the program captures graphs, as far as anything has shown.
    std::atomic<bool> captures_seen_{captures_are_announced()};
};

// Loading code may wait for the device, so it is done here and not at the first copy. False where the device has no
// such kernel; then copies are the driver's.
bool load_gather(CUcontext context) noexcept {
    const CurrentContext current(context);
    return current.status().ok() && runtime(prepare_gather(), "cudaFuncGetAttributes").ok();
}

Status open(int ordinal, std::unique_ptr<Device>& opened) {
    cudaDeviceProp described{};
    Status status = runtime(cudaGetDeviceProperties(&described, ordinal), "cudaGetDeviceProperties");
    CUdevice device = 0;
    CUcontext context = nullptr;
    if (status.ok()) status = driver().init(0);
    if (status.ok()) status = driver().device_get(&device, ordinal);
    if (status.ok()) status = driver().primary_context_retain(&context, device);
    if (!status.ok()) return status;

    DeviceProperties properties;
    properties.kind = DeviceKind::cuda;
    properties.ordinal = ordinal;
    properties.name = described.name;
    properties.total_bytes = described.totalGlobalMem;
    ask_capabilities(device, context, properties);
    properties.writes_pinned = load_gather(context);
    const int multiprocessors = properties.writes_pinned ? described.multiProcessorCount : 0;
    opened = std::make_unique<CudaDevice>(std::move(properties), context, multiprocessors);
    offer_nvtx();
    return success;
}

}  // namespace

int current_ordinal() noexcept {
    int ordinal = 0;
    return runtime(cudaGetDevice(&ordinal), "cudaGetDevice").ok() ? ordinal : 0;
}

std::unique_ptr<Device> open_device(int ordinal, Status& status) noexcept {
    std::unique_ptr<Device> opened;
    try {
        status = open(ordinal, opened);
    } catch (const std::bad_alloc&) {  // the host's own memory
        status = {cuda_error::out_of_memory, "open_device"};
    }
    return opened;
}

}  // namespace triune::cuda
