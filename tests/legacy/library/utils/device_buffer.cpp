#include "utils/device_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "device/device.hpp"
#include "device/handles.hpp"
#include "utils/cuda_error_handling.hpp"

namespace utils {

using legacy::check;
using legacy::device;

struct Stream::Impl {
    void* handle = nullptr;

    Impl() { check(device().create_stream(&handle), "cudaStreamCreate"); }
    ~Impl() { device().destroy_stream(handle); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
};

Stream::Stream() : impl_(new Impl) {}
Stream::~Stream() { delete impl_; }
Stream::Stream(Stream&& other) noexcept : impl_(std::exchange(other.impl_, nullptr)) {}
Stream& Stream::operator=(Stream&& other) noexcept {
    if (this != &other) {
        delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    }
    return *this;
}

void Stream::synchronize() const { check(device().synchronize_stream(impl_->handle), "cudaStreamSynchronize"); }
void* Stream::handle() const noexcept { return impl_ == nullptr ? nullptr : impl_->handle; }

namespace detail {

namespace {

// The value repeated `bytes / size` times. Every copy doubles what is there, so that it runs at memory speed whatever
// the element's size. Throws std::bad_alloc.
std::unique_ptr<unsigned char[]> repeated(const void* value, std::size_t size, std::size_t bytes) {
    std::unique_ptr<unsigned char[]> values(new unsigned char[bytes]);
    std::memcpy(values.get(), value, size);
    for (std::size_t done = size; done < bytes;) {
        const std::size_t step = std::min(done, bytes - done);
        std::memcpy(values.get() + done, values.get(), step);
        done += step;
    }
    return values;
}

void expect_size(std::size_t given, std::size_t size) {
    if (given != size) {
        throw CudaException(CudaError::InvalidValue, "Copy of " + std::to_string(given) +
                                                         " bytes does not match the buffer's " + std::to_string(size) +
                                                         " bytes");
    }
}

}  // namespace

struct DeviceBufferStorage::Impl {
    legacy::DeviceMemory memory;
    std::size_t count;
    std::size_t bytes;
};

DeviceBufferStorage::DeviceBufferStorage() noexcept : impl_(nullptr) {}

DeviceBufferStorage::DeviceBufferStorage(std::size_t count, std::size_t element_size, const void* fill)
    : impl_(nullptr) {
    if (element_size != 0 && count > std::numeric_limits<std::size_t>::max() / element_size) {
        throw CudaException(CudaError::OutOfMemory, "Allocation of " + std::to_string(count) + " elements of " +
                                                        std::to_string(element_size) + " bytes is too large");
    }
    const std::size_t bytes = count * element_size;
    auto impl = std::make_unique<Impl>(Impl{legacy::DeviceMemory(bytes), count, bytes});
    if (bytes != 0 && fill == nullptr) {
        check(device().zero(impl->memory.data(), bytes), "cudaMemset");
    } else if (bytes != 0) {
        try {
            const auto values = repeated(fill, element_size, bytes);
            check(device().upload(impl->memory.data(), values.get(), bytes), "cudaMemcpy to the device");
        } catch (const std::bad_alloc&) {
            throw CudaException(CudaError::OutOfMemory,
                                "No host memory for " + std::to_string(bytes) + " bytes of initial values");
        }
    }
    impl_ = impl.release();
}

DeviceBufferStorage::~DeviceBufferStorage() { delete impl_; }
DeviceBufferStorage::DeviceBufferStorage(DeviceBufferStorage&& other) noexcept
    : impl_(std::exchange(other.impl_, nullptr)) {}
DeviceBufferStorage& DeviceBufferStorage::operator=(DeviceBufferStorage&& other) noexcept {
    if (this != &other) {
        delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    }
    return *this;
}

void* DeviceBufferStorage::data() const noexcept { return impl_ == nullptr ? nullptr : impl_->memory.data(); }
std::size_t DeviceBufferStorage::count() const noexcept { return impl_ == nullptr ? 0 : impl_->count; }

void DeviceBufferStorage::copy_from_host(const void* source, std::size_t bytes) {
    expect_size(bytes, impl_ == nullptr ? 0 : impl_->bytes);
    check(device().upload(data(), source, bytes), "cudaMemcpy to the device");
}

void DeviceBufferStorage::copy_to_host(void* destination, std::size_t bytes) const {
    expect_size(bytes, impl_ == nullptr ? 0 : impl_->bytes);
    check(device().download(destination, data(), bytes), "cudaMemcpy to the host");
}

}  // namespace detail

}  // namespace utils
