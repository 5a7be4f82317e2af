// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/track/type_name.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace triune {

std::string readable_type_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                           &std::free);
    return name ? name.get() : type.name();
}

}  // namespace triune
