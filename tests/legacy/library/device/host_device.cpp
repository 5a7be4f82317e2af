// The stand-in for machines without a GPU: memory is the process's own, work is done when the call returns.
#include <cstdlib>
#include <cstring>
#include <new>

#include "device/device.hpp"
#include "utils/cuda_error_handling.hpp"

namespace legacy {

namespace {

constexpr int kSuccess = 0;
constexpr int kInvalidValue = static_cast<int>(utils::CudaError::InvalidValue);
constexpr int kOutOfMemory = static_cast<int>(utils::CudaError::OutOfMemory);

// Streams and events carry no state: an address of its own is all that a handle needs.
int create_handle(void** handle) noexcept {
    *handle = new (std::nothrow) char();
    return *handle == nullptr ? kOutOfMemory : kSuccess;
}

int destroy_handle(void* handle) noexcept {
    delete static_cast<char*>(handle);
    return kSuccess;
}

class HostDevice final : public Device {
  public:
    int allocate(void** memory, std::size_t bytes) noexcept override {
        *memory = bytes == 0 ? nullptr : std::malloc(bytes);
        return *memory == nullptr && bytes != 0 ? kOutOfMemory : kSuccess;
    }

    int release(void* memory) noexcept override {
        std::free(memory);
        return kSuccess;
    }

    int zero(void* memory, std::size_t bytes) noexcept override {
        if (bytes != 0) {
            std::memset(memory, 0, bytes);
        }
        return kSuccess;
    }

    int upload(void* memory, const void* host, std::size_t bytes) noexcept override {
        return copy(memory, host, bytes);
    }

    int download(void* host, const void* memory, std::size_t bytes) noexcept override {
        return copy(host, memory, bytes);
    }

    int copy(void* destination, const void* source, std::size_t bytes) noexcept override {
        if (bytes == 0) {
            return kSuccess;
        }
        if (destination == nullptr || source == nullptr) {
            return kInvalidValue;  // as the runtime answers
        }
        std::memcpy(destination, source, bytes);
        return kSuccess;
    }

    int create_stream(void** stream) noexcept override { return create_handle(stream); }
    int destroy_stream(void* stream) noexcept override { return destroy_handle(stream); }
    int synchronize_stream(void* /*stream*/) noexcept override { return kSuccess; }

    int create_event(void** event) noexcept override { return create_handle(event); }
    int destroy_event(void* event) noexcept override { return destroy_handle(event); }
    int record_event(void* /*event*/, void* /*stream*/) noexcept override { return kSuccess; }
    int query_event(void* /*event*/) noexcept override { return kSuccess; }
    int synchronize_event(void* /*event*/) noexcept override { return kSuccess; }

    int synchronize() noexcept override { return kSuccess; }
    int take_last_error() noexcept override { return kSuccess; }
    const char* error_text(int error) const noexcept override {
        return utils::to_string(static_cast<utils::CudaError>(error));
    }
};

}  // namespace

Device* make_host_device() { return new HostDevice(); }

}  // namespace legacy
