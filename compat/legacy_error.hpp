// SPDX-License-Identifier: Apache-2.0
// The one place where the core's errors become those that legacy callers catch.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <triune/base/units.hpp>

#include "utils/cuda_error_handling.hpp"

namespace triune::compat {

// The legacy code of a CUDA error number. Codes that the legacy enumeration has under an older number are told by its
// name; a number that it does not know is kept.
utils::CudaError legacy_code(int number) noexcept;

// Only inside a handler: throws what the exception in flight is to legacy callers. What is not the core's passes as it
// is.
[[noreturn]] void throw_as_cuda_exception();
[[noreturn]] void throw_as_runtime_error();

// Runs `call` and turns its failures into utils::CudaException: what modules 1 and 3 and the support headers throw.
template <typename Call>
decltype(auto) with_cuda_exceptions(Call&& call) {
    try {
        return std::forward<Call>(call)();
    } catch (...) {
        throw_as_cuda_exception();
    }
}

// The same into a plain std::runtime_error: what module 2 throws.
template <typename Call>
decltype(auto) with_runtime_errors(Call&& call) {
    try {
        return std::forward<Call>(call)();
    } catch (...) {
        throw_as_runtime_error();
    }
}

// count * size; utils::CudaException(OutOfMemory), as for any request that no memory can hold, where that overflows.
std::size_t checked_bytes(std::size_t count, std::size_t size);

}  // namespace triune::compat
