// SPDX-License-Identifier: Apache-2.0
// A report on the memory of the process, for people.
#pragma once

#include <cstddef>
#include <string>

#include <triune/detail/manage/process_snapshot.hpp>
#include <triune/detail/manage/report_parts.hpp>

namespace triune {

// When the process is looked at: what is alive at its end is leaked.
enum class ReportTime { running, end };

// Of each manager at most so many records are written, the biggest; the rest as one line.
inline constexpr std::size_t max_reported_records = 1000;

// Printable, whatever names and places are.
std::string report_text(const ProcessSnapshot& process, ReportParts parts, ReportTime time);

}  // namespace triune
