// SPDX-License-Identifier: Apache-2.0
// A path as people write it: relative where it lies under the current directory.
#pragma once

#include <string>

namespace migrate {

std::string shown_path(const std::string& real);

}  // namespace migrate
