#pragma once
#include <triune/triune.hpp>

// Names of the program's own in that namespace keep its directive.
namespace gpu {
inline int twice(int value) { return 2 * value; }
}  // namespace gpu
using namespace gpu;

inline std::size_t total(const triune::GpuMemoryManager& manager) { return manager.total_allocated_bytes(); }
