#pragma once

// Beside other things, which stay.
#include <triune/triune.hpp>
namespace gpu {
struct Own;
}  // namespace gpu

void grow(triune::UntypedHandle buffer, gpu::Own& own);
