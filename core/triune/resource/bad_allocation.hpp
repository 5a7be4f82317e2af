// SPDX-License-Identifier: Apache-2.0
// What the adaptors throw where memory has run out.
#pragma once

#include <new>
#include <system_error>

#include <triune/base/error.hpp>

namespace triune {

// std containers, Thrust and code written for `cuda::mr` catch std::bad_alloc, which the library's own errors are not:
// two standard bases would hide them from `catch (std::exception&)`. Carries all that the library's error says.
class bad_allocation : public std::bad_alloc {
  public:
    explicit bad_allocation(const Error& cause) noexcept : cause_(cause) {}

    const char* what() const noexcept override { return cause_.what(); }
    // Errc::limit_exceeded where the manager's limit refused, Errc::out_of_memory where the device or the host did.
    std::error_code code() const noexcept { return cause_.code(); }
    int cuda_error() const noexcept { return cause_.cuda_error(); }

  private:
    Error cause_;
};

}  // namespace triune
