#pragma once
#include "gpu/dynamic_buffer_manager.hpp"

// Names of the program's own in that namespace keep its directive.
namespace gpu {
inline int twice(int value) { return 2 * value; }
}  // namespace gpu
using namespace gpu;

inline std::size_t total(const DynamicBufferManager& manager) { return manager.get_total_allocation(); }
