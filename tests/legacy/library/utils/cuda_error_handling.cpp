#include "utils/cuda_error_handling.hpp"

#include <mutex>

#include "device/device.hpp"
#include "device/handles.hpp"
#include "device/log.hpp"

namespace utils {

using legacy::check;
using legacy::device;

const char* to_string(CudaError error) noexcept {
    switch (error) {
        case CudaError::Success:
            return "no error";
        case CudaError::InvalidValue:
            return "invalid argument";
        case CudaError::OutOfMemory:
            return "out of memory";
        case CudaError::NotInitialized:
            return "not initialized";
        case CudaError::DeInitialized:
            return "driver shutting down";
        case CudaError::InvalidConfiguration:
            return "invalid configuration";
        case CudaError::InvalidHostPointer:
            return "invalid host pointer";
        case CudaError::InvalidDevicePointer:
            return "invalid device pointer";
        case CudaError::InvalidMemcpyDirection:
            return "invalid copy direction";
        case CudaError::InvalidResourceHandle:
            return "invalid resource handle";
        case CudaError::NotReady:
            return "not ready";
        case CudaError::NoDevice:
            return "no CUDA device";
        case CudaError::InvalidContext:
            return "invalid context";
        case CudaError::LaunchFailure:
            return "launch failure";
        case CudaError::Unknown:
            return "unknown error";
    }
    return "unrecognized error code";
}

CudaException::CudaException(CudaError code, const std::string& what) : std::runtime_error(what), code_(code) {}
CudaException::~CudaException() = default;

struct CudaErrorHandler::Impl {
    mutable std::mutex mutex;
    std::uint32_t count = 0;
    std::optional<std::chrono::steady_clock::time_point> last;

    void expect_success(int error, const std::string& operation_name) {
        if (error == 0) {
            return;
        }
        {
            const std::lock_guard<std::mutex> lock(mutex);
            ++count;
            last = std::chrono::steady_clock::now();
        }
        const std::string message = operation_name + ": " + device().error_text(error);
        legacy::log_error(message);
        throw CudaException(static_cast<CudaError>(error), message);
    }
};

CudaErrorHandler::CudaErrorHandler() : impl_(new Impl) {}
CudaErrorHandler::~CudaErrorHandler() { delete impl_; }

void CudaErrorHandler::check_error(const std::string& operation_name) {
    impl_->expect_success(device().take_last_error(), operation_name);
}

void CudaErrorHandler::synchronize_device(const std::string& operation_name) {
    impl_->expect_success(device().synchronize(), operation_name);
}

std::pair<std::uint32_t, std::optional<std::chrono::nanoseconds>> CudaErrorHandler::get_error_stats() const {
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    std::optional<std::chrono::nanoseconds> since;
    if (impl_->last) {
        since = std::chrono::steady_clock::now() - *impl_->last;
    }
    return {impl_->count, since};
}

void CudaErrorHandler::reset_stats() {
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    impl_->count = 0;
    impl_->last.reset();
}

bool CudaErrorHandler::should_fallback_to_cpu() const {
    const std::lock_guard<std::mutex> lock(impl_->mutex);
    return impl_->count > 0;
}

std::shared_ptr<CudaErrorHandler> get_global_cuda_error_handler() {
    // Never destroyed: objects with static lifetime may ask for it after `main`.
    static auto* const handler = new std::shared_ptr<CudaErrorHandler>(std::make_shared<CudaErrorHandler>());
    return *handler;
}

struct CudaMemoryGuard::Impl {
    legacy::DeviceMemory memory;
    std::size_t size;
    std::string name;
    std::shared_ptr<CudaErrorHandler> error_handler;

    void expect_fits(std::size_t bytes) const {
        if (bytes > size) {
            throw CudaException(CudaError::InvalidValue, "Copy of " + std::to_string(bytes) + " bytes exceeds the " +
                                                             std::to_string(size) + " bytes of " + name);
        }
    }
};

CudaMemoryGuard::CudaMemoryGuard(std::size_t size, std::string name, std::shared_ptr<CudaErrorHandler> error_handler)
    : impl_(new Impl{legacy::DeviceMemory(size), size, std::move(name), std::move(error_handler)}) {}

CudaMemoryGuard::~CudaMemoryGuard() { delete impl_; }

void* CudaMemoryGuard::as_ptr() const noexcept { return impl_->memory.data(); }
std::size_t CudaMemoryGuard::size() const noexcept { return impl_->size; }

void CudaMemoryGuard::copy_from_host(const void* host_data, std::size_t size) const {
    impl_->expect_fits(size);
    check(device().upload(impl_->memory.data(), host_data, size), "cudaMemcpy to the device");
}

void CudaMemoryGuard::copy_to_host(void* host_data, std::size_t size) const {
    impl_->expect_fits(size);
    check(device().download(host_data, impl_->memory.data(), size), "cudaMemcpy to the host");
}

}  // namespace utils
