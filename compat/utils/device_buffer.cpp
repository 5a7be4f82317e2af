// SPDX-License-Identifier: Apache-2.0
#include "utils/device_buffer.hpp"

#include <memory>
#include <string>
#include <utility>

#include <triune/detail/manage/buffer_contents.hpp>

#include "core_memory.hpp"
#include "legacy_error.hpp"

namespace utils::detail {

namespace compat = triune::compat;

struct DeviceBufferStorage::Impl {
    triune::BufferReference memory;  // null where there are no bytes
    std::size_t count;
    std::size_t bytes;

    static void expect_size(const Impl* impl, std::size_t bytes) {
        const std::size_t size = impl == nullptr ? 0 : impl->bytes;
        if (bytes == size) return;
        throw CudaException(CudaError::InvalidValue, "Copy of " + std::to_string(bytes) +
                                                         " bytes does not match the buffer's " + std::to_string(size) +
                                                         " bytes");
    }
};

DeviceBufferStorage::DeviceBufferStorage() noexcept : impl_(nullptr) {}

DeviceBufferStorage::DeviceBufferStorage(std::size_t count, std::size_t element_size, const void* fill)
    : impl_(compat::with_cuda_exceptions([&] {
          auto memory = compat::fixed_memory(count, element_size, fill);
          return new Impl{std::move(memory), count, count * element_size};
      })) {}

DeviceBufferStorage::~DeviceBufferStorage() { delete impl_; }
DeviceBufferStorage::DeviceBufferStorage(DeviceBufferStorage&& other) noexcept
    : impl_(std::exchange(other.impl_, nullptr)) {}
DeviceBufferStorage& DeviceBufferStorage::operator=(DeviceBufferStorage&& other) noexcept {
    if (this != &other) delete std::exchange(impl_, std::exchange(other.impl_, nullptr));
    return *this;
}

void* DeviceBufferStorage::data() const noexcept {
    return impl_ == nullptr || !impl_->memory ? nullptr : impl_->memory->data();
}

std::size_t DeviceBufferStorage::count() const noexcept { return impl_ == nullptr ? 0 : impl_->count; }

void DeviceBufferStorage::copy_from_host(const void* source, std::size_t bytes) {
    Impl::expect_size(impl_, bytes);
    if (bytes == 0) return;
    compat::with_cuda_exceptions(
        [&] { triune::BufferContents::upload(*impl_->memory, 0, source, bytes, triune::StreamOrder::after_all()); });
}

void DeviceBufferStorage::copy_to_host(void* destination, std::size_t bytes) const {
    Impl::expect_size(impl_, bytes);
    if (bytes == 0) return;
    compat::with_cuda_exceptions([&] {
        triune::BufferContents::download(*impl_->memory, 0, destination, bytes, triune::StreamOrder::after_all());
    });
}

}  // namespace utils::detail
