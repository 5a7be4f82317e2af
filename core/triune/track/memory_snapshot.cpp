// SPDX-License-Identifier: Apache-2.0
#include <triune/track/memory_snapshot.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <sstream>
#include <string_view>

#include <triune/track/json_text.hpp>

namespace triune {
namespace {

std::string utc(std::chrono::system_clock::time_point time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string thread_text(std::thread::id thread) {
    std::ostringstream text;
    text << thread;
    return text.str();
}

// "name": {"figure": 1, ...}
template <typename Figures>
void append_figures(std::string& json, const char* name, const Figures& figures) {
    json += ",\n  \"" + std::string(name) + "\": {";
    const char* comma = "";
    figures.visit([&](const char* figure, std::size_t value, const char*) {
        json += comma + ("\"" + std::string(figure) + "\": ") + std::to_string(value);
        comma = ", ";
    });
    json += "}";
}

void append_record(std::string& json, const AllocationRecord& record, TrackedAllocation::Clock::time_point now) {
    const auto field = [&](const char* name, const std::string& value) {
        json += ", \"" + std::string(name) + "\": " + value;
    };
    const auto text = [](bool known, std::string_view value) { return known ? json_string(value) : "null"; };
    const bool located = record.where().line() != 0;
    const double age = std::max(std::chrono::duration<double>(now - record.created()).count(), 0.0);
    json += "{\"id\": " + std::to_string(record.id());
    field("name", text(record.has_name(), record.name()));
    field("kind", json_string(kind_name(record.kind())));
    field("type", text(record.type() != nullptr, record.type_name()));
    field("bytes", std::to_string(record.bytes));
    field("peak_bytes", std::to_string(record.peak_bytes));
    field("resizes", std::to_string(record.resizes));
    field("age_seconds", std::to_string(age));
    field("thread", json_string(thread_text(record.thread())));
    field("file", text(located, record.where().file_name()));
    field("line", located ? std::to_string(record.where().line()) : "null");
    field("function", text(located, record.where().function_name()));
    if (const StackTrace* stack = record.stack()) {
        std::string lines;
        for (const std::string& line : stack->lines()) lines += (lines.empty() ? "" : ", ") + json_string(line);
        field("stack", "[" + lines + "]");
    }
    json += "}";
}

template <typename Figures>
void append_rows(std::string& table, const char* prefix, const Figures& figures) {
    figures.visit([&](const char* figure, std::size_t value, const char*) {
        const std::string name = std::string(prefix) + figure;
        std::array<char, 64> row{};
        const std::string shown = name.ends_with("_bytes") ? readable_bytes(value) : std::to_string(value);
        std::snprintf(row.data(), row.size(), "  %-28s %14s\n", name.c_str(), shown.c_str());
        table += row.data();
    });
}

}  // namespace

std::string readable_bytes(std::size_t bytes) {
    if (bytes < 1024) return std::to_string(bytes) + " B";
    double value = static_cast<double>(bytes);
    const char* unit = "";
    for (const char* next : {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}) {
        if (value < 1024) break;
        value /= 1024;
        unit = next;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f %s", value, unit);
    return text.data();
}

std::string MemorySnapshot::to_json() const {
    std::string json = "{\n  \"taken\": " + json_string(utc(taken)) + ",\n  \"device\": " + json_string(device) +
                       ",\n  \"limit_bytes\": " + std::to_string(limit_bytes);
    append_figures(json, "figures", figures);
    append_figures(json, "pool", pool);
    json += ",\n  \"records\": [";
    const char* separator = "\n    ";
    for (const AllocationRecord& record : records) {
        json += separator;
        append_record(json, record, taken_steadily);
        separator = ",\n    ";
    }
    json += records.empty() ? "]\n}\n" : "\n  ]\n}\n";
    return json;
}

std::string MemorySnapshot::to_table(std::size_t most_records) const {
    std::string table = "memory of " + device + " at " + utc(taken) + ", limit " + readable_bytes(limit_bytes) + "\n";
    append_rows(table, "", figures);
    append_rows(table, "pool: ", pool);
    const std::size_t shown = std::min(most_records, records.size());
    for (std::size_t i = 0; i < shown; ++i) table += "  " + records[i].describe() + "\n";
    if (shown < records.size()) table += "  and " + std::to_string(records.size() - shown) + " more\n";
    return table;
}

}  // namespace triune
