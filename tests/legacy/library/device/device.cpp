#include "device/device.hpp"

#include <cstdlib>
#include <string>
#include <utility>

#include "device/log.hpp"
#include "utils/cuda_error_handling.hpp"

namespace legacy {

namespace {

Device* select_device() {
    const char* wish = std::getenv("LEGACY_DEVICE");
    const std::string name = wish == nullptr ? "" : wish;
    if (name == "host") {
        return make_host_device();
    }
    Device* cuda = make_cuda_device();
    if (cuda != nullptr) {
        return cuda;
    }
    if (name == "cuda") {
        throw utils::CudaException(utils::CudaError::NoDevice, "LEGACY_DEVICE=cuda, but there is no CUDA device");
    }
    if (!name.empty()) {
        log_warning("LEGACY_DEVICE=" + name + " is neither host nor cuda; using the host");
    }
    return make_host_device();
}

Device*& selected() {
    static Device* device = select_device();
    return device;
}

}  // namespace

Device& device() { return *selected(); }

Device& exchange_device(Device& other) { return *std::exchange(selected(), &other); }

void check(int error, const char* operation) {
    if (error != 0) {
        throw utils::CudaException(static_cast<utils::CudaError>(error),
                                   std::string(operation) + ": " + device().error_text(error));
    }
}

}  // namespace legacy
