// Built in place of cuda_device.cpp where there is no CUDA toolkit.
#include "device/device.hpp"

namespace legacy {

Device* make_cuda_device() { return nullptr; }

}  // namespace legacy
