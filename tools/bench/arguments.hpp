// SPDX-License-Identifier: Apache-2.0
// The command line of a benchmark.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace bench {

// --name VALUE options, and what is left over. Unknown options and values that are no number above 0 where one is asked
// for end the program with a message and status 2.
class Arguments {
  public:
    Arguments(int argc, char** argv, const std::vector<std::string>& known);

    int number(const std::string& option, int otherwise) const;
    std::string text(const std::string& option, const std::string& otherwise) const;
    const std::vector<std::string>& rest() const noexcept { return rest_; }

  private:
    std::string program_;
    std::map<std::string, std::string> values_;
    std::vector<std::string> rest_;
};

}  // namespace bench
