// The CUDA runtime, linked statically.
#include <cuda_runtime_api.h>

#include "device/device.hpp"

namespace legacy {

namespace {

// Clears the sticky "last error" of a call that has failed: the caller reports it, once.
int report(cudaError_t error) noexcept {
    if (error != cudaSuccess && error != cudaErrorNotReady) {
        static_cast<void>(cudaGetLastError());
    }
    return static_cast<int>(error);
}

// Fills, device copies and small pageable uploads may return before the device has done them, and the modules' own
// streams do not wait for the default stream, so the host does.
int finish(cudaError_t error) noexcept {
    return report(error == cudaSuccess ? cudaStreamSynchronize(cudaStreamLegacy) : error);
}

class CudaDevice final : public Device {
  public:
    int allocate(void** memory, std::size_t bytes) noexcept override {
        *memory = nullptr;
        return bytes == 0 ? 0 : report(cudaMalloc(memory, bytes));
    }

    int release(void* memory) noexcept override { return memory == nullptr ? 0 : report(cudaFree(memory)); }

    int zero(void* memory, std::size_t bytes) noexcept override {
        return bytes == 0 ? 0 : finish(cudaMemset(memory, 0, bytes));
    }

    int upload(void* memory, const void* host, std::size_t bytes) noexcept override {
        return bytes == 0 ? 0 : finish(cudaMemcpy(memory, host, bytes, cudaMemcpyHostToDevice));
    }

    int download(void* host, const void* memory, std::size_t bytes) noexcept override {
        return bytes == 0 ? 0 : report(cudaMemcpy(host, memory, bytes, cudaMemcpyDeviceToHost));
    }

    int copy(void* destination, const void* source, std::size_t bytes) noexcept override {
        return bytes == 0 ? 0 : finish(cudaMemcpy(destination, source, bytes, cudaMemcpyDeviceToDevice));
    }

    int create_stream(void** stream) noexcept override {
        cudaStream_t created = nullptr;
        const int error = report(cudaStreamCreateWithFlags(&created, cudaStreamNonBlocking));
        *stream = created;
        return error;
    }

    int destroy_stream(void* stream) noexcept override {
        return report(cudaStreamDestroy(static_cast<cudaStream_t>(stream)));
    }

    int synchronize_stream(void* stream) noexcept override {
        return report(cudaStreamSynchronize(static_cast<cudaStream_t>(stream)));
    }

    int create_event(void** event) noexcept override {
        cudaEvent_t created = nullptr;
        const int error = report(cudaEventCreateWithFlags(&created, cudaEventDisableTiming));
        *event = created;
        return error;
    }

    int destroy_event(void* event) noexcept override {
        return report(cudaEventDestroy(static_cast<cudaEvent_t>(event)));
    }

    int record_event(void* event, void* stream) noexcept override {
        return report(cudaEventRecord(static_cast<cudaEvent_t>(event), static_cast<cudaStream_t>(stream)));
    }

    int query_event(void* event) noexcept override { return report(cudaEventQuery(static_cast<cudaEvent_t>(event))); }

    int synchronize_event(void* event) noexcept override {
        return report(cudaEventSynchronize(static_cast<cudaEvent_t>(event)));
    }

    int synchronize() noexcept override { return report(cudaDeviceSynchronize()); }
    int take_last_error() noexcept override { return static_cast<int>(cudaGetLastError()); }
    const char* error_text(int error) const noexcept override {
        return cudaGetErrorString(static_cast<cudaError_t>(error));
    }
};

}  // namespace

Device* make_cuda_device() {
    int count = 0;
    if (report(cudaGetDeviceCount(&count)) != 0 || count == 0) {
        return nullptr;
    }
    return new CudaDevice();
}

}  // namespace legacy
