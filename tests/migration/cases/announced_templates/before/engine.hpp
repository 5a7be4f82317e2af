#pragma once

#include <memory>

// A template with constraints cannot be announced, so the header stands where the announcement stood.
namespace utils {
template <typename T>
class ManagedDeviceBuffer;
class UnifiedGPUCompute;
}  // namespace utils

float total(const utils::ManagedDeviceBuffer<float>& buffer);
void step(utils::UnifiedGPUCompute& arrays);
