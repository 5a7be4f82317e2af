// SPDX-License-Identifier: Apache-2.0
// What a program does when memory has run out.
#pragma once

#include <cstddef>
#include <functional>

namespace triune {

// Asked with the bytes that are missing: true to try again, false to let the failure be thrown.
using FailureHook = std::function<bool(std::size_t bytes)>;

}  // namespace triune
