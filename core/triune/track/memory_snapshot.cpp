// SPDX-License-Identifier: Apache-2.0
#include <triune/track/memory_snapshot.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <locale>
#include <sstream>
#include <string_view>

#include <triune/detail/base/printable.hpp>
#include <triune/detail/track/json_text.hpp>
#include <triune/detail/track/layout_text.hpp>

namespace triune {
namespace {

std::string utc(std::chrono::system_clock::time_point time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

// Numbers in texts never ask the locale, which may write a comma for the point, or group digits.
std::string thread_text(std::thread::id thread) {
    std::ostringstream text;
    text.imbue(std::locale::classic());
    text << thread;
    return text.str();
}

std::string fixed(double value, int digits) {
    std::array<char, 48> text{};  // of a byte count, or of seconds since the start
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits);
    return error == std::errc() ? std::string(text.data(), end) : std::string("0");
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

void append_record(std::string& json, const AllocationRecord& record, TrackedAllocation::Clock::time_point now,
                   std::uintptr_t address) {
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
    field("address", address == 0 ? "null" : json_address(address));
    field("age_seconds", fixed(age, 6));
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
        const std::string shown = name.ends_with("_bytes") ? readable_bytes(value) : std::to_string(value);
        const auto spaces = [](std::size_t width, const std::string& of) {
            return std::string(width > of.size() ? width - of.size() : 0, ' ');
        };
        table += "  " + name + spaces(28, name) + " " + spaces(14, shown) + shown + "\n";
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
    return fixed(value, 2) + " " + unit;
}

std::string MemorySnapshot::to_json() const {
    std::string json = "{\n  \"schema\": \"triune.memory-snapshot\",\n  \"version\": " + std::to_string(json_version) +
                       ",\n  \"taken\": " + json_string(utc(taken)) + ",\n  \"device\": " + json_string(device) +
                       ",\n  \"manager\": " + std::to_string(manager) +
                       ",\n  \"limit_bytes\": " + std::to_string(limit_bytes);
    append_figures(json, "figures", figures);
    append_figures(json, "pool", pool);
    json += ",\n  \"records\": [";
    const char* separator = "\n    ";
    for (std::size_t i = 0; i < records.size(); ++i) {
        json += separator;
        append_record(json, records[i], taken_steadily, layout ? layout->addresses[i] : 0);
        separator = ",\n    ";
    }
    json += records.empty() ? "]" : "\n  ]";
    if (layout) append_layout(json, *layout);
    return json + "\n}\n";
}

std::string MemorySnapshot::to_table(std::size_t max_records) const {
    std::string table =
        "memory of " + printable(device) + " at " + utc(taken) + ", limit " + readable_bytes(limit_bytes) + "\n";
    append_rows(table, "", figures);
    append_rows(table, "pool: ", pool);
    const std::size_t shown = std::min(max_records, records.size());
    for (std::size_t i = 0; i < shown; ++i) table += "  " + records[i].describe() + "\n";
    if (shown < records.size()) table += "  and " + std::to_string(records.size() - shown) + " more\n";
    return table;
}

}  // namespace triune
