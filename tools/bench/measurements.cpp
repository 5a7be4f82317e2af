// SPDX-License-Identifier: Apache-2.0
#include "measurements.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include <triune/device/devices.hpp>

#include "timing.hpp"

namespace bench {
namespace {

// Four significant digits: the spread is never less.
std::string rounded(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    if (value >= 10000 && value < 1e12) std::snprintf(text, sizeof text, "%.0f", value);
    return text;
}

std::string size_text(double x) { return x == 0 ? "" : rounded(x); }

}  // namespace

Measurements::Measurements(std::string table)
    : table_(std::move(table)),
      device_(triune::current_device().properties().name),
      simulated_(triune::current_device().properties().kind == triune::DeviceKind::simulated) {}

void Measurements::note(const Case& what, const std::string& contestant, double value) {
    if (std::find(contestants_.begin(), contestants_.end(), contestant) == contestants_.end()) {
        contestants_.push_back(contestant);
    }
    auto row = std::find_if(rows_.begin(), rows_.end(), [&](const Row& each) { return each.what == what; });
    if (row == rows_.end()) row = rows_.insert(rows_.end(), Row{what, {}});
    for (auto& [name, values] : row->samples) {
        if (name == contestant) return values.push_back(value);
    }
    row->samples.push_back({contestant, {value}});
}

const std::vector<double>* Measurements::find(const Case& what, const std::string& contestant) const {
    for (const Row& row : rows_) {
        if (!(row.what == what)) continue;
        for (const auto& [name, values] : row.samples) {
            if (name == contestant) return &values;
        }
    }
    return nullptr;
}

double Measurements::median(const Case& what, const std::string& contestant) const {
    const auto* values = find(what, contestant);
    return values == nullptr ? 0 : quantile(*values, 0.5);
}

void Measurements::print() const {
    std::vector<std::vector<std::string>> lines{{table_, "size", "unit"}};
    lines.front().insert(lines.front().end(), contestants_.begin(), contestants_.end());
    for (const Row& row : rows_) {
        std::vector<std::string> cells{row.what.name, size_text(row.what.x), row.what.unit};
        for (const std::string& contestant : contestants_) {
            const auto* values = find(row.what, contestant);
            cells.push_back(values == nullptr ? "-" : rounded(quantile(*values, 0.5)));
        }
        lines.push_back(cells);
    }
    std::vector<std::size_t> widths(lines.front().size());
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
    }
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            const bool words = i == 0 || i == 2;
            std::printf(words ? "%-*s" : "%*s", static_cast<int>(widths[i]), line[i].c_str());
            std::printf(i + 1 < line.size() ? "  " : "\n");
        }
    }
}

void Measurements::write_json(const std::string& path) const {
    if (path.empty()) return;
    std::ofstream out(path);
    out.precision(12);  // sizes are exact: they are looked up
    out << "{\"table\": \"" << table_ << "\", \"device\": \"" << device_
        << "\", \"simulated\": " << (simulated_ ? "true" : "false") << ", \"rows\": [";
    bool first = true;
    for (const Row& row : rows_) {
        for (const auto& [contestant, values] : row.samples) {
            out << (first ? "\n  {" : ",\n  {") << "\"case\": \"" << row.what.name << "\", \"unit\": \""
                << row.what.unit << "\", \"x\": " << row.what.x << ", \"better\": \""
                << (row.what.better == Better::less ? "less" : "more") << "\", \"contestant\": \"" << contestant
                << "\", \"samples\": " << values.size() << ", \"low\": " << quantile(values, 0.1)
                << ", \"median\": " << quantile(values, 0.5) << ", \"high\": " << quantile(values, 0.9) << '}';
            first = false;
        }
    }
    out << "\n]}\n";
    if (!out.flush()) throw std::runtime_error("cannot write '" + path + "'");
}

}  // namespace bench
