// SPDX-License-Identifier: Apache-2.0
// A unified diff of one file, from its edits.
#pragma once

#include <string>

#include "edits/edit_set.hpp"

namespace migrate {

// `name` as it stands behind a/ and b/. Bytes are passed through as they are.
std::string unified_diff(const std::string& name, const std::string& before, const AppliedText& after);

}  // namespace migrate
