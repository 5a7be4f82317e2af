// The package database as text: one record a package, in dpkg's status format.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace package_map {

enum class Relation { Depends, Recommends, Suggests };

struct Dependency {
    Relation relation;
    std::vector<std::string> alternatives;  // in order of preference, without versions
};

struct Package {
    std::string name;
    std::string section;
    bool installed = false;
    bool essential = false;  // of priority required or important
    std::vector<Dependency> dependencies;
    std::vector<std::string> provides;
};

// The first record of a name wins. Sorted by name.
std::vector<Package> read_packages(std::istream& input);

// From `file`, or from this machine's database where `file` is empty: what is installed, then what apt knows of.
// Throws std::runtime_error where it cannot be read or holds no package.
std::vector<Package> load_packages(const std::string& file);

// Saves the fields that `load_packages` reads. Throws std::runtime_error.
void capture_packages(const std::string& file);

}  // namespace package_map
