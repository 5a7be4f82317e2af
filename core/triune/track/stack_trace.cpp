// SPDX-License-Identifier: Apache-2.0
#include <triune/track/stack_trace.hpp>

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace triune {
namespace {

std::string hexadecimal(std::uintptr_t number) {
    std::array<char, 2 * sizeof number> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    return "0x" + std::string(digits.data(), end);
}

std::string demangled(const char* symbol) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(symbol, nullptr, nullptr, &status),
                                                           &std::free);
    return name ? name.get() : symbol;
}

std::string describe(const void* address) {
    Dl_info found{};
    if (dladdr(address, &found) == 0 || found.dli_fname == nullptr) {
        return hexadecimal(reinterpret_cast<std::uintptr_t>(address));
    }
    const std::string_view path = found.dli_fname;
    std::string place(path.substr(path.find_last_of('/') + 1));
    place += "+" +
             hexadecimal(reinterpret_cast<std::uintptr_t>(address) - reinterpret_cast<std::uintptr_t>(found.dli_fbase));
    return found.dli_sname == nullptr ? place : demangled(found.dli_sname) + " in " + place;
}

}  // namespace

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

std::vector<std::string> StackTrace::lines() const {
    std::vector<std::string> text;
    text.reserve(count_);
    for (std::size_t i = 0; i < count_; ++i) text.push_back(describe(frames_[i]));
    return text;
}

}  // namespace triune
