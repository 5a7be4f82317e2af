#include "shared.hpp"

utils::DeviceBuffer<float> make_values(std::size_t count) { return utils::DeviceBuffer<float>::zeroed(count); }
