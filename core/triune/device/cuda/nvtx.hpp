// Ranges on the time line of NVIDIA's profilers.
#pragma once

namespace triune::cuda {

// Offers to send triune::trace's ranges there, in the domain "triune". Where no profiler runs, NVTX's own functions are
// empty; where the toolkit has no NVTX, or there is no toolkit, nothing is offered.
void offer_nvtx() noexcept;

}  // namespace triune::cuda
