// SPDX-License-Identifier: Apache-2.0
#include <triune/track/allocation_record.hpp>

#include <string_view>

#include <triune/base/printable.hpp>
#include <triune/track/type_name.hpp>

namespace triune {

std::string AllocationRecord::type_name() const {
    return type() == nullptr ? std::string() : readable_type_name(*type());
}

double AllocationRecord::age_seconds() const {
    return std::chrono::duration<double>(TrackedAllocation::Clock::now() - created()).count();
}

std::string AllocationRecord::describe() const {
    std::string text = has_name() ? "'" + name() + "'" : std::string("unnamed");
    text += " (";
    if (type() != nullptr) text += type_name() + ", ";
    text += std::to_string(bytes) + " bytes";
    if (where().line() != 0) {
        const std::string_view path = where().file_name();
        text += ", ";
        text += path.substr(path.find_last_of('/') + 1);
        text += ":" + std::to_string(where().line());
    }
    return printable(text + ")");
}

}  // namespace triune
