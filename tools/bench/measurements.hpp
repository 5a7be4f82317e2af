// SPDX-License-Identifier: Apache-2.0
// What a benchmark finds out: samples by case and contestant, printed as a table of medians and written as JSON.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bench {

enum class Better { less, more };

// One row. Rows of one name that differ in `x` alone are points of one curve.
struct Case {
    std::string name;
    std::string unit;
    double x = 0;  // 0: no curve
    Better better = Better::less;

    bool operator==(const Case&) const = default;
};

class Measurements {
  public:
    // Opens the current device, whose name the JSON gives.
    explicit Measurements(std::string table);

    void note(const Case& what, const std::string& contestant, double value);
    // Of what was noted so far; 0 where nothing was.
    double median(const Case& what, const std::string& contestant) const;

    // On stdout: a line a case, a column a contestant, both in the order of their first note; medians.
    void print() const;
    // {"table", "device", "simulated", "rows": [{"case", "unit", "x", "better", "contestant", "samples", "low",
    // "median", "high"}]}; low and high are the 10% and 90% quantiles. Nothing where `path` is empty. Throws
    // std::runtime_error.
    void write_json(const std::string& path) const;

  private:
    struct Row {
        Case what;
        std::vector<std::pair<std::string, std::vector<double>>> samples;  // by contestant
    };

    const std::vector<double>* find(const Case& what, const std::string& contestant) const;

    std::string table_;
    std::string device_;
    bool simulated_;
    std::vector<Row> rows_;
    std::vector<std::string> contestants_;
};

}  // namespace bench
