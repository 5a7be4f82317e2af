// The device below the three modules: memory, copies, streams and events.
//
// Every verb returns a CUDA error number, 0 for success, and never throws. A failure is reported once: the
// implementation clears the runtime's "last error", so that a later check does not find it again. Copies and fills
// have finished when they return. Null pointers with 0 bytes are accepted everywhere.
#pragma once

#include <cstddef>

namespace legacy {

class Device {
  public:
    Device() = default;
    virtual ~Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    virtual int allocate(void** memory, std::size_t bytes) noexcept = 0;
    // Waits until the device has finished with the memory.
    virtual int release(void* memory) noexcept = 0;
    virtual int zero(void* memory, std::size_t bytes) noexcept = 0;
    virtual int upload(void* memory, const void* host, std::size_t bytes) noexcept = 0;
    virtual int download(void* host, const void* memory, std::size_t bytes) noexcept = 0;
    virtual int copy(void* destination, const void* source, std::size_t bytes) noexcept = 0;

    virtual int create_stream(void** stream) noexcept = 0;
    virtual int destroy_stream(void* stream) noexcept = 0;
    virtual int synchronize_stream(void* stream) noexcept = 0;

    virtual int create_event(void** event) noexcept = 0;
    virtual int destroy_event(void* event) noexcept = 0;
    virtual int record_event(void* event, void* stream) noexcept = 0;
    // 0 when the event has completed, 600 (not ready) while it has not.
    virtual int query_event(void* event) noexcept = 0;
    virtual int synchronize_event(void* event) noexcept = 0;

    virtual int synchronize() noexcept = 0;
    virtual int take_last_error() noexcept = 0;
    virtual const char* error_text(int error) const noexcept = 0;
};

// The process's device: a GPU where there is one, else this process's own memory. The variable LEGACY_DEVICE=host|cuda
// decides instead where it is set. Never destroyed, because buffers with static lifetime may outlive `main`.
Device& device();

// Puts `other` in its place and answers with what was there: for tests that count calls and make them fail.
Device& exchange_device(Device& other);

// Throws utils::CudaException with the code unless `error` is 0.
void check(int error, const char* operation);

// The two implementations. `make_cuda_device` gives null where there is no GPU or no CUDA in this build.
Device* make_host_device();
Device* make_cuda_device();

}  // namespace legacy
