#include "utils/gpu_memory.hpp"

inline int weigh(const utils::ManagedDeviceBuffer<float>&) { return 2; }

int of_managed() {
    auto buffer = utils::create_managed_buffer<float>(2, "managed");
    return weigh(buffer);
}
