// SPDX-License-Identifier: Apache-2.0
// What an error says where memory has run out.
#pragma once

#include <string>
#include <vector>

#include <triune/base/error.hpp>
#include <triune/detail/manage/memory_request.hpp>

namespace triune {

class ManagerCore;

// All figures are those without the request. Asks the device, takes the pool's lock for a while, and throws
// std::bad_alloc.

// The manager's limit refuses `request`.
limit_exceeded limit_error(const ManagerCore& core, const MemoryRequest& request);
// The device, or the process, has no memory for it; `why` is what the pool said.
out_of_memory memory_error(const ManagerCore& core, const MemoryRequest& request, const out_of_memory& why);

}  // namespace triune
