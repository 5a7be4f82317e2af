// SPDX-License-Identifier: Apache-2.0
// Deprecated: the typed device array and the stream that modules 1 and 3 hand out. Use <triune/triune.hpp>.
#pragma once

#include "utils/triune_deprecation.hpp"

#include <cstddef>
#include <type_traits>
#include <vector>

TRIUNE_QUIET_BEGIN

namespace utils {

// A non-blocking device stream.
class TRIUNE_DEPRECATED_DEVICE_BUFFER("4002", "triune::Stream") Stream {
public:
    Stream();
    ~Stream();
    Stream(Stream&& other) noexcept;
    Stream& operator=(Stream&& other) noexcept;

    TRIUNE_DEPRECATED_DEVICE_BUFFER("4002", "triune::Stream::synchronize()")
    void synchronize() const;       // throws CudaException
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4002", "triune::Stream::handle()")
    void* handle() const noexcept;  // a cudaStream_t

private:
    struct Impl;
    Impl* impl_;
};

namespace detail {

// Untyped storage behind DeviceBuffer<T>; every byte count is checked.
class TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>") DeviceBufferStorage {
public:
    DeviceBufferStorage() noexcept;
    // Fills every element with *fill, or with zero bytes where fill is null.
    DeviceBufferStorage(std::size_t count, std::size_t element_size, const void* fill);
    ~DeviceBufferStorage();
    DeviceBufferStorage(DeviceBufferStorage&& other) noexcept;
    DeviceBufferStorage& operator=(DeviceBufferStorage&& other) noexcept;

    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::data()")
    void* data() const noexcept;
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::size()")
    std::size_t count() const noexcept;
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::upload(values)")
    void copy_from_host(const void* source, std::size_t bytes);           // bytes must equal the size
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::download(values)")
    void copy_to_host(void* destination, std::size_t bytes) const;        // bytes must equal the size

private:
    struct Impl;
    Impl* impl_;
};

}  // namespace detail

template <typename T>
class TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>") DeviceBuffer {
    static_assert(std::is_trivially_copyable<T>::value, "device elements are copied as bytes");

public:
    DeviceBuffer() noexcept = default;

    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::zeroed(n)")
    static DeviceBuffer zeroed(std::size_t count) {
        return DeviceBuffer(detail::DeviceBufferStorage(count, sizeof(T), nullptr));
    }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::filled(n, value)")
    static DeviceBuffer filled(std::size_t count, const T& value) {
        return DeviceBuffer(detail::DeviceBufferStorage(count, sizeof(T), &value));
    }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::from_host(values)")
    static DeviceBuffer from_slice(const std::vector<T>& values) {
        DeviceBuffer buffer = zeroed(values.size());
        buffer.copy_from(values);
        return buffer;
    }

    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::data()")
    T* as_device_ptr() const noexcept { return static_cast<T*>(storage_.data()); }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::size()")
    std::size_t len() const noexcept { return storage_.count(); }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::empty()")
    bool is_empty() const noexcept { return len() == 0; }

    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::upload(values)")
    void copy_from(const std::vector<T>& values) { storage_.copy_from_host(values.data(), values.size() * sizeof(T)); }
    TRIUNE_DEPRECATED_DEVICE_BUFFER("4001", "triune::Buffer<T>::download(values)")
    void copy_to(std::vector<T>& values) const { storage_.copy_to_host(values.data(), values.size() * sizeof(T)); }

private:
    explicit DeviceBuffer(detail::DeviceBufferStorage&& storage) noexcept
        : storage_(static_cast<detail::DeviceBufferStorage&&>(storage)) {}

    detail::DeviceBufferStorage storage_;
};

}  // namespace utils

TRIUNE_QUIET_END
