// What a benchmark prints and writes: one table, as text and as JSON.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace bench {

class Table {
  public:
    explicit Table(std::vector<std::string> columns) : columns_(std::move(columns)) {}

    // As many cells as columns.
    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    // On stdout, columns aligned.
    void print() const;
    // {"table": NAME, "rows": [{COLUMN: CELL, ...}, ...]}; numbers as such. Nothing where `path` is empty. Throws
    // std::runtime_error.
    void write_json(const std::string& path, const std::string& name) const;

  private:
    std::vector<std::string> columns_;
    std::vector<std::vector<std::string>> rows_;
};

std::string fixed(double value, int digits);

// --name VALUE options, and what is left over. Unknown options end the program with a message.
class Arguments {
  public:
    Arguments(int argc, char** argv, const std::vector<std::string>& known);

    int number(const std::string& option, int otherwise) const;
    std::string text(const std::string& option, const std::string& otherwise) const;
    const std::vector<std::string>& rest() const noexcept { return rest_; }

  private:
    std::map<std::string, std::string> values_;
    std::vector<std::string> rest_;
};

}  // namespace bench
