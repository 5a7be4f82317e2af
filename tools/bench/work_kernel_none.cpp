// SPDX-License-Identifier: Apache-2.0
// Built where there is no nvcc.
#include "work_kernel.hpp"

namespace bench {

struct WorkKernel::Impl {};

bool WorkKernel::available() { return false; }
WorkKernel::WorkKernel(double, Occupancy) {}
WorkKernel::~WorkKernel() = default;
triune::StreamHandle WorkKernel::own_stream() const { return nullptr; }
void WorkKernel::launch(triune::StreamHandle, const FrameArrays&) {}
bool WorkKernel::began() { return true; }
double WorkKernel::microseconds() { return 0; }

}  // namespace bench
