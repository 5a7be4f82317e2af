// SPDX-License-Identifier: Apache-2.0
#include <mutex>
#include <string>

#include <triune/base/log.hpp>
#include <triune/device/devices.hpp>

#include "legacy_error.hpp"
#include "utils/cuda_error_handling.hpp"

namespace utils {

namespace compat = triune::compat;

struct CudaErrorHandler::Impl {
    mutable std::mutex mutex;
    std::uint32_t count = 0;
    std::optional<std::chrono::steady_clock::time_point> last;

    void expect_success(triune::Status status, const std::string& operation) {
        if (status.ok()) return;
        {
            const std::lock_guard lock(mutex);
            ++count;
            last = std::chrono::steady_clock::now();
        }
        const CudaError code = compat::legacy_code(status.cuda_error);
        const std::string text =
            operation + ": " + to_string(code) + " (CUDA error " + std::to_string(status.cuda_error) + ")";
        triune::log::error(text);
        throw CudaException(code, text);
    }
};

CudaErrorHandler::CudaErrorHandler() : impl_(compat::with_cuda_exceptions([] { return new Impl; })) {}
CudaErrorHandler::~CudaErrorHandler() { delete impl_; }

void CudaErrorHandler::check_error(const std::string& operation_name) {
    compat::with_cuda_exceptions([&] { impl_->expect_success(triune::current_device().last_error(), operation_name); });
}

void CudaErrorHandler::synchronize_device(const std::string& operation_name) {
    compat::with_cuda_exceptions(
        [&] { impl_->expect_success(triune::current_device().synchronize(), operation_name); });
}

std::pair<std::uint32_t, std::optional<std::chrono::nanoseconds>> CudaErrorHandler::get_error_stats() const {
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->last) return {impl_->count, std::nullopt};
    return {impl_->count, std::chrono::steady_clock::now() - *impl_->last};
}

void CudaErrorHandler::reset_stats() {
    const std::lock_guard lock(impl_->mutex);
    impl_->count = 0;
    impl_->last.reset();
}

bool CudaErrorHandler::should_fallback_to_cpu() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->count != 0;
}

std::shared_ptr<CudaErrorHandler> get_global_cuda_error_handler() {
    // Never destroyed: whoever outlives main may still ask.
    static const auto* const handler = new std::shared_ptr<CudaErrorHandler>(std::make_shared<CudaErrorHandler>());
    return *handler;
}

}  // namespace utils
