// SPDX-License-Identifier: Apache-2.0
// Plain memory for what is measured beside the library, owned: straight from the device, by no pool.
#pragma once

#include <cstddef>

#include <triune/base/error.hpp>
#include <triune/device/devices.hpp>

namespace bench {

class DeviceArray {
  public:
    explicit DeviceArray(std::size_t bytes) {
        triune::check(triune::current_device().memory_allocate(data_, bytes), "allocating device memory");
    }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;
    ~DeviceArray() { triune::report_teardown(triune::current_device().memory_release(data_), "freeing device memory"); }

    void* data() const noexcept { return data_; }

  private:
    void* data_ = nullptr;
};

class PinnedArray {
  public:
    explicit PinnedArray(std::size_t bytes) {
        triune::check(triune::current_device().pinned_allocate(data_, bytes), "pinning host memory");
    }
    PinnedArray(const PinnedArray&) = delete;
    PinnedArray& operator=(const PinnedArray&) = delete;
    ~PinnedArray() { triune::report_teardown(triune::current_device().pinned_release(data_), "freeing pinned memory"); }

    void* data() const noexcept { return data_; }

  private:
    void* data_ = nullptr;
};

}  // namespace bench
