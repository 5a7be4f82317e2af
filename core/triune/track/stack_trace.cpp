// SPDX-License-Identifier: Apache-2.0
#include <triune/track/stack_trace.hpp>

#include <execinfo.h>

#include <algorithm>

#include <triune/detail/track/code_lines.hpp>

namespace triune {

StackTrace StackTrace::capture(std::size_t skipped) {
    StackTrace trace;
    const int found = backtrace(trace.frames_.data(), static_cast<int>(max_frames));
    const std::size_t all = found < 0 ? 0 : static_cast<std::size_t>(found);
    const std::size_t dropped = std::min(skipped + 1, all);  // this function, too
    std::copy(trace.frames_.begin() + static_cast<std::ptrdiff_t>(dropped),
              trace.frames_.begin() + static_cast<std::ptrdiff_t>(all), trace.frames_.begin());
    trace.count_ = all - dropped;
    return trace;
}

std::vector<std::string> StackTrace::lines() const { return code_lines({frames_.data(), count_}); }

std::vector<std::string> StackTrace::plain_lines() const { return plain_code_lines({frames_.data(), count_}); }

}  // namespace triune
