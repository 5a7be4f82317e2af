// SPDX-License-Identifier: Apache-2.0
#include <triune/base/call_site.hpp>

#include <string_view>

namespace triune {

std::string place_text(const CallSite& where) {
    const std::string_view path = where.file_name();
    return std::string(path.substr(path.find_last_of('/') + 1)) + ":" + std::to_string(where.line());
}

}  // namespace triune
