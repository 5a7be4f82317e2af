// SPDX-License-Identifier: Apache-2.0
// Ranges on the time line of NVIDIA's profilers.
#pragma once

namespace triune::cuda {

// Offers to send triune::trace's ranges there, in the domain "triune". Where no profiler runs nothing is offered, since
// a range's text would take as long as half a buffer's life; nor where the toolkit has no NVTX, or there is no toolkit.
void offer_nvtx() noexcept;

}  // namespace triune::cuda
