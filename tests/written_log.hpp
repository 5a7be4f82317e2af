// SPDX-License-Identifier: Apache-2.0
// The lines of the log as text. spdlog's headers cost seconds, so they stay out of the tests.
#pragma once

#include <string>

namespace triune {

// While it lives, every line goes here.
class WrittenLog {
  public:
    WrittenLog();
    WrittenLog(const WrittenLog&) = delete;
    WrittenLog& operator=(const WrittenLog&) = delete;
    // The level is `warn` again, as at first.
    ~WrittenLog();

    std::string text() const;

  private:
    struct Sink;
    Sink* const sink_;
};

}  // namespace triune
