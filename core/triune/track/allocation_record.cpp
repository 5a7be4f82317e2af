// SPDX-License-Identifier: Apache-2.0
#include <triune/track/allocation_record.hpp>

#include <triune/base/call_site.hpp>
#include <triune/detail/base/printable.hpp>
#include <triune/detail/track/type_name.hpp>

namespace triune {

std::string AllocationRecord::type_name() const {
    return type() == nullptr ? std::string() : readable_type_name(*type());
}

double AllocationRecord::age_seconds() const {
    return std::chrono::duration<double>(TrackedAllocation::Clock::now() - created()).count();
}

namespace {

std::string in_parentheses(const AllocationRecord& record, const std::string& figure) {
    std::string facts;
    const auto add = [&facts](const std::string& fact) {
        if (!fact.empty()) facts += (facts.empty() ? "" : ", ") + fact;
    };
    add(record.type_name());
    add(figure);
    if (record.where().line() != 0) add(place_text(record.where()));
    const std::string name = record.has_name() ? "'" + record.name() + "'" : std::string("unnamed");
    return printable(facts.empty() ? name : name + " (" + facts + ")");
}

}  // namespace

std::string AllocationRecord::describe() const { return in_parentheses(*this, std::to_string(bytes) + " bytes"); }

std::string AllocationRecord::owner() const { return in_parentheses(*this, {}); }

}  // namespace triune
