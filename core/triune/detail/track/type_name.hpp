// SPDX-License-Identifier: Apache-2.0
// The name of a type as its author wrote it.
#pragma once

#include <string>
#include <typeinfo>

namespace triune {

// "float", "Particle"; the compiler's own spelling where it cannot be read back.
std::string readable_type_name(const std::type_info& type);

}  // namespace triune
