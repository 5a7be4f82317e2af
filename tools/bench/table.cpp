#include "table.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace bench {
namespace {

bool is_number(const std::string& text) {
    char* end = nullptr;
    std::strtod(text.c_str(), &end);
    return !text.empty() && *end == '\0';
}

}  // namespace

void Table::print() const {
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        widths.push_back(columns_[column].size());
        for (const auto& row : rows_) widths.back() = std::max(widths.back(), row[column].size());
    }
    const auto line = [&](const std::vector<std::string>& cells) {
        for (std::size_t column = 0; column < cells.size(); ++column) {
            const int width = static_cast<int>(widths[column]);
            std::printf(is_number(cells[column]) ? "%*s" : "%-*s", width, cells[column].c_str());
            std::printf(column + 1 < cells.size() ? "  " : "\n");
        }
    };
    line(columns_);
    for (const auto& row : rows_) line(row);
}

void Table::write_json(const std::string& path, const std::string& name) const {
    if (path.empty()) return;
    std::ofstream out(path);
    out << "{\"table\": \"" << name << "\", \"rows\": [";
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        out << (i == 0 ? "\n  {" : ",\n  {");
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            const std::string& cell = rows_[i][column];
            out << (column == 0 ? "" : ", ") << '"' << columns_[column] << "\": ";
            is_number(cell) ? out << cell : out << '"' << cell << '"';
        }
        out << '}';
    }
    out << "\n]}\n";
    if (!out.flush()) throw std::runtime_error("cannot write '" + path + "'");
}

std::string fixed(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

Arguments::Arguments(int argc, char** argv, const std::vector<std::string>& known) {
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument.rfind("--", 0) != 0) {
            rest_.push_back(argument);
        } else if (std::find(known.begin(), known.end(), argument) != known.end() && i + 1 < argc) {
            values_[argument] = argv[++i];
        } else {
            std::fprintf(stderr, "%s: unknown option or no value: %s\n", argv[0], argument.c_str());
            std::exit(2);
        }
    }
}

int Arguments::number(const std::string& option, int otherwise) const {
    const auto found = values_.find(option);
    return found == values_.end() ? otherwise : std::atoi(found->second.c_str());
}

std::string Arguments::text(const std::string& option, const std::string& otherwise) const {
    const auto found = values_.find(option);
    return found == values_.end() ? otherwise : found->second;
}

}  // namespace bench
