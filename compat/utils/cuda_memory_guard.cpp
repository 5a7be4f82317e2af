// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>

#include <triune/detail/manage/buffer_contents.hpp>

#include "core_memory.hpp"
#include "legacy_error.hpp"
#include "utils/cuda_error_handling.hpp"

namespace utils {

namespace compat = triune::compat;

struct CudaMemoryGuard::Impl {
    triune::BufferReference memory;  // null where the size is 0
    std::size_t size;
    std::string name;
    std::shared_ptr<CudaErrorHandler> error_handler;  // kept alive as the original did; it counts only its own checks

    void expect_room(const void* host, std::size_t bytes) const {
        if (bytes <= size && (host != nullptr || bytes == 0)) return;
        if (bytes <= size) {
            throw CudaException(CudaError::InvalidValue, "Copy of " + std::to_string(bytes) + " bytes of " + name +
                                                             " from or to a null pointer");
        }
        throw CudaException(CudaError::InvalidValue, "Copy of " + std::to_string(bytes) + " bytes exceeds the " +
                                                         std::to_string(size) + " bytes of " + name);
    }
};

CudaMemoryGuard::CudaMemoryGuard(std::size_t size, std::string name, std::shared_ptr<CudaErrorHandler> error_handler)
    : impl_(compat::with_cuda_exceptions([&] {
          return new Impl{compat::fixed_memory(size, 1, nullptr), size, std::move(name), std::move(error_handler)};
      })) {}

CudaMemoryGuard::~CudaMemoryGuard() { delete impl_; }

void* CudaMemoryGuard::as_ptr() const noexcept { return impl_->memory ? impl_->memory->data() : nullptr; }
std::size_t CudaMemoryGuard::size() const noexcept { return impl_->size; }

void CudaMemoryGuard::copy_from_host(const void* host_data, std::size_t size) const {
    impl_->expect_room(host_data, size);
    if (size == 0) return;
    compat::with_cuda_exceptions(
        [&] { triune::BufferContents::upload(*impl_->memory, 0, host_data, size, triune::StreamOrder::after_all()); });
}

void CudaMemoryGuard::copy_to_host(void* host_data, std::size_t size) const {
    impl_->expect_room(host_data, size);
    if (size == 0) return;
    compat::with_cuda_exceptions([&] {
        triune::BufferContents::download(*impl_->memory, 0, host_data, size, triune::StreamOrder::after_all());
    });
}

}  // namespace utils
