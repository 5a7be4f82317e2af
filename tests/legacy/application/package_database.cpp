#include "package_database.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <unordered_set>

namespace package_map {

namespace {

constexpr const char* kStatusFile = "/var/lib/dpkg/status";
constexpr const char* kAvailableCommand = "apt-cache dumpavail 2>/dev/null";
constexpr std::array<const char*, 9> kFields{"Package",     "Status",     "Priority", "Section", "Depends",
                                             "Pre-Depends", "Recommends", "Suggests", "Provides"};

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        parts.push_back(trimmed(part));
    }
    return parts;
}

// "libc6:any (>= 2.36) [amd64]" names libc6.
std::string bare_name(const std::string& relation) { return relation.substr(0, relation.find_first_of(" (:[<")); }

void add_dependencies(Package& package, Relation relation, const std::string& value) {
    for (const std::string& clause : split(value, ',')) {
        Dependency dependency{relation, {}};
        for (const std::string& alternative : split(clause, '|')) {
            dependency.alternatives.push_back(bare_name(alternative));
        }
        package.dependencies.push_back(std::move(dependency));
    }
}

void set_field(Package& package, const std::string& field, const std::string& value) {
    if (field == "Package") {
        package.name = value;
    } else if (field == "Status") {
        package.installed = value.find(" installed") != std::string::npos;
    } else if (field == "Priority") {
        package.essential = value == "required" || value == "important";
    } else if (field == "Section") {
        package.section = value.substr(value.find('/') == std::string::npos ? 0 : value.find('/') + 1);
    } else if (field == "Depends" || field == "Pre-Depends") {
        add_dependencies(package, Relation::Depends, value);
    } else if (field == "Recommends") {
        add_dependencies(package, Relation::Recommends, value);
    } else if (field == "Suggests") {
        add_dependencies(package, Relation::Suggests, value);
    } else if (field == "Provides") {
        for (const std::string& provided : split(value, ',')) {
            package.provides.push_back(bare_name(provided));
        }
    }
}

// Calls `visit(field, value)` for every field of interest, folded lines joined, and `visit("", "")` after each record.
template <typename Visit>
void for_each_field(std::istream& input, Visit visit) {
    std::string field;
    std::string value;
    const auto flush = [&] {
        if (std::find(kFields.begin(), kFields.end(), field) != kFields.end()) {
            visit(field, trimmed(value));
        }
        field.clear();
    };
    for (std::string line; std::getline(input, line);) {
        if (line.empty()) {
            flush();
            visit(std::string(), std::string());
        } else if (line[0] == ' ' || line[0] == '\t') {
            value += line;
        } else {
            flush();
            const auto colon = line.find(':');
            field = line.substr(0, colon);
            value = colon == std::string::npos ? "" : line.substr(colon + 1);
        }
    }
    flush();
    visit(std::string(), std::string());
}

// What is installed on this machine, then what apt can get. Either may be missing.
std::string machine_database() {
    std::ostringstream text;
    if (std::ifstream status(kStatusFile); status) {
        text << status.rdbuf() << "\n";
    }
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> apt(popen(kAvailableCommand, "r"), pclose);
    std::array<char, 1 << 16> chunk{};
    while (apt != nullptr) {
        const std::size_t count = std::fread(chunk.data(), 1, chunk.size(), apt.get());
        if (count == 0) {
            break;
        }
        text.write(chunk.data(), static_cast<std::streamsize>(count));
    }
    return text.str();
}

}  // namespace

std::vector<Package> read_packages(std::istream& input) {
    std::vector<Package> packages;
    std::unordered_set<std::string> known;
    Package current;
    for_each_field(input, [&](const std::string& field, const std::string& value) {
        if (!field.empty()) {
            set_field(current, field, value);
            return;
        }
        if (!current.name.empty() && known.insert(current.name).second) {
            packages.push_back(std::move(current));
        }
        current = Package();
    });
    std::sort(packages.begin(), packages.end(), [](const Package& a, const Package& b) { return a.name < b.name; });
    return packages;
}

std::vector<Package> load_packages(const std::string& file) {
    std::vector<Package> packages;
    if (file.empty()) {
        std::istringstream database(machine_database());
        packages = read_packages(database);
    } else {
        std::ifstream input(file);
        if (!input) {
            throw std::runtime_error("cannot read the package database '" + file + "'");
        }
        packages = read_packages(input);
    }
    if (packages.empty()) {
        throw std::runtime_error("no packages in " + (file.empty() ? "this machine's database" : "'" + file + "'"));
    }
    return packages;
}

void capture_packages(const std::string& file) {
    std::istringstream database(machine_database());
    std::ofstream output(file);
    for_each_field(database, [&](const std::string& field, const std::string& value) {
        if (field.empty()) {
            output << "\n";
        } else {
            output << field << ": " << value << "\n";
        }
    });
    if (!output.flush()) {
        throw std::runtime_error("cannot write the package database to '" + file + "'");
    }
}

}  // namespace package_map
