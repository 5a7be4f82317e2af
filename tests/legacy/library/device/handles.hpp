// Owners of the device's resources: memory and events.
#pragma once

#include <cstddef>
#include <utility>

#include "device/device.hpp"

namespace legacy {

// One allocation, uninitialised; null for 0 bytes. Throws utils::CudaException.
class DeviceMemory {
  public:
    DeviceMemory() noexcept = default;
    explicit DeviceMemory(std::size_t bytes) { check(device().allocate(&data_, bytes), "cudaMalloc"); }
    ~DeviceMemory() {
        if (data_ != nullptr) {
            device().release(data_);
        }
    }
    DeviceMemory(DeviceMemory&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
    DeviceMemory& operator=(DeviceMemory&& other) noexcept {
        std::swap(data_, other.data_);
        return *this;
    }

    void* data() const noexcept { return data_; }

  private:
    void* data_ = nullptr;
};

class Event {
  public:
    Event() { check(device().create_event(&event_), "cudaEventCreate"); }
    ~Event() { device().destroy_event(event_); }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    void record(void* stream) { check(device().record_event(event_, stream), "cudaEventRecord"); }
    void synchronize() const { check(device().synchronize_event(event_), "cudaEventSynchronize"); }
    bool is_complete() const {
        constexpr int kNotReady = 600;
        const int status = device().query_event(event_);
        if (status == kNotReady) {
            return false;
        }
        check(status, "cudaEventQuery");
        return true;
    }

  private:
    void* event_ = nullptr;
};

}  // namespace legacy
