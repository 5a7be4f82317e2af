// SPDX-License-Identifier: Apache-2.0
// A memory layout as JSON.
#pragma once

#include <string>

#include <triune/track/memory_layout.hpp>

namespace triune {

// Appends `, "layout": {...}`.
void append_layout(std::string& json, const MemoryLayout& layout);

}  // namespace triune
