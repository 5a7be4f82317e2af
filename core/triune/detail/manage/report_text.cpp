// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/manage/report_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include <triune/detail/base/byte_text.hpp>
#include <triune/detail/base/printable.hpp>

namespace triune {
namespace {

using Manager = ProcessSnapshot::Manager;

// Without the locale, which may write a comma for the point.
std::string seconds_text(double seconds) {
    std::array<char, 48> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), std::max(seconds, 0.0), std::chars_format::fixed, 1);
    return std::string(text.data(), end) + " s";
}

std::string counted(std::size_t count, const char* what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string name_of(std::uint32_t number, const std::string& device, bool ended) {
    return "manager " + std::to_string(number) + " of " + printable(device) + (ended ? ", which has ended" : "");
}

std::string name_of(const Manager& manager) {
    return name_of(manager.memory.manager, manager.memory.device, manager.ended);
}

// A facade's name for what is counted elsewhere is told there.
std::vector<const AllocationRecord*> allocated(const Manager& manager) {
    std::vector<const AllocationRecord*> found;
    for (const AllocationRecord& record : manager.memory.records) {
        if (record.kind() != OwnerKind::alias && record.bytes > 0) found.push_back(&record);
    }
    return found;
}

std::size_t bytes_of(const std::vector<const AllocationRecord*>& records, std::size_t from = 0) {
    std::size_t bytes = 0;
    for (std::size_t i = from; i < records.size(); ++i) bytes += records[i]->bytes;
    return bytes;
}

void append_record(std::string& text, const AllocationRecord& record, TrackedAllocation::Clock::time_point now) {
    std::string line = record.has_name() ? "'" + record.name() + "'" : std::string("unnamed");
    line += " (" + (record.type() != nullptr ? record.type_name() : std::string(kind_name(record.kind()))) +
            "): " + byte_text(record.bytes);
    if (record.where().line() != 0) {
        line += ", from " + std::string(record.where().file_name()) + ":" + std::to_string(record.where().line());
    }
    line += ", " + seconds_text(std::chrono::duration<double>(now - record.created()).count()) + " old";
    text += "    " + printable(line) + "\n";
    if (const StackTrace* const stack = record.stack()) {
        for (const std::string& frame : stack->lines()) text += "        by " + printable(frame) + "\n";
    }
}

void append_leaks(std::string& text, const ProcessSnapshot& process, ReportTime time) {
    std::string lines;
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const Manager& manager : process.managers) {
        const auto records = allocated(manager);
        if (records.empty()) continue;
        count += records.size();
        bytes += bytes_of(records);
        lines += "  " + name_of(manager) + ":\n";
        const std::size_t shown = std::min(records.size(), max_reported_records);
        for (std::size_t i = 0; i < shown; ++i) append_record(lines, *records[i], manager.memory.taken_steadily);
        if (shown < records.size()) {
            lines += "    and " + counted(records.size() - shown, "smaller one") + ": " +
                     byte_text(bytes_of(records, shown)) + "\n";
        }
    }
    text += time == ReportTime::end ? "leaks: " : "allocated: ";
    if (count == 0) text += time == ReportTime::end ? "nothing is leaked\n" : "nothing is allocated\n";
    if (count > 0) text += counted(count, "allocation") + ", " + byte_text(bytes) + "\n" + lines;
}

// Those of the pool that are not 0, and what it has from the device.
std::string pool_text(const PoolFigures& pool) {
    std::string text;
    pool.visit([&](std::string_view figure, std::size_t value, const char*) {
        if (value == 0 && figure != "reserved_bytes") return;
        const bool in_bytes = figure.ends_with("_bytes");
        if (in_bytes) figure.remove_suffix(std::string_view("_bytes").size());
        std::string name(figure);
        std::replace(name.begin(), name.end(), '_', ' ');
        text += (text.empty() ? "" : "; ") + name + " " + (in_bytes ? byte_text(value) : std::to_string(value));
    });
    return text;
}

std::string peak_line(const std::string& name, const MemoryFigures& figures, std::size_t limit_bytes) {
    return "  " + name + ": at most " + byte_text(figures.peak_allocated_bytes) + ", now " +
           byte_text(figures.total_allocated_bytes) + ", limit " + byte_text(limit_bytes) + "\n";
}

void append_peaks(std::string& text, const ProcessSnapshot& process) {
    text += "peak:\n";
    std::map<const void*, std::uint32_t> told;
    for (const Manager& manager : process.managers) {
        const MemorySnapshot& memory = manager.memory;
        text += peak_line(name_of(manager), memory.figures, memory.limit_bytes);
        const auto [of, is_first] = told.emplace(manager.pool, memory.manager);
        text +=
            "    pool: " + (is_first ? pool_text(memory.pool) : "that of manager " + std::to_string(of->second)) + "\n";
    }
    for (const EndedManager& ended : process.ended.kept) {
        text += peak_line(name_of(ended.number, ended.device, true), ended.figures, ended.limit_bytes);
        text += "    pool at its end: " + pool_text(ended.pool) + "\n";
    }
    if (process.ended.others > 0) {
        text += "  and " + counted(process.ended.others, "ended manager") + " with lower peaks\n";
    }
}

void append_tables(std::string& text, const ProcessSnapshot& process) {
    text += "table:\n";
    for (const Manager& manager : process.managers) {
        text += "  " + name_of(manager) + ":\n";
        const std::string table = manager.memory.to_table();
        for (std::size_t begin = 0; begin < table.size();) {
            const std::size_t end = table.find('\n', begin) + 1;
            text += "    " + table.substr(begin, end - begin);
            begin = end;
        }
    }
    if (process.managers.empty()) text += "  no manager is there\n";
}

}  // namespace

std::string report_text(const ProcessSnapshot& process, ReportParts parts, ReportTime time) {
    std::string text;
    if (parts.leaks) append_leaks(text, process, time);
    if (parts.peak) append_peaks(text, process);
    if (parts.table) append_tables(text, process);
    return text;
}

}  // namespace triune
