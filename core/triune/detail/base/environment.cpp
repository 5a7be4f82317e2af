// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/base/environment.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <new>
#include <system_error>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/base/units.hpp>

namespace triune::environment {
namespace {

// Of ASCII, in every locale.
char lower(char letter) noexcept { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) noexcept {
    return std::any_of(words.begin(), words.end(), [text](auto word) { return same_word(text, word); });
}

// The number that `text` begins with, and no longer does.
std::optional<std::uint64_t> leading_number(std::string_view& text) noexcept {
    std::uint64_t number = 0;
    const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return number;
}

// 0 where it is no unit.
std::size_t unit_of(std::string_view text) noexcept {
    if (text.empty()) return 1;
    if (is_one_of(text, {"k", "kb", "kib"})) return KiB;
    if (is_one_of(text, {"m", "mb", "mib"})) return MiB;
    if (is_one_of(text, {"g", "gb", "gib"})) return GiB;
    return is_one_of(text, {"t", "tb", "tib"}) ? 1024 * GiB : 0;
}

}  // namespace

std::string_view text(const char* variable) noexcept {
    const char* const value = std::getenv(variable);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

bool is_set(const char* variable) noexcept { return std::getenv(variable) != nullptr; }

bool same_word(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::uint64_t> to_number(std::string_view text) noexcept {
    const auto number = leading_number(text);
    return text.empty() ? number : std::nullopt;
}

std::optional<std::size_t> to_bytes(std::string_view text) noexcept {
    const auto number = leading_number(text);
    if (!number) return std::nullopt;
    if (!text.empty() && text.front() == ' ') {
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (text.empty()) return std::nullopt;
    }
    const std::size_t unit = unit_of(text);
    std::size_t bytes = 0;
    if (unit == 0 || !multiply(*number, unit, bytes)) return std::nullopt;
    return bytes;
}

std::optional<bool> to_yes(std::string_view text) noexcept {
    if (is_one_of(text, {"1", "yes", "true", "on"})) return true;
    if (is_one_of(text, {"0", "no", "false", "off"})) return false;
    return std::nullopt;
}

std::string bad_value(const char* variable, std::string_view value, std::string_view what) {
    return std::string(variable).append(" is '").append(value).append("'; it may be ").append(what);
}

std::optional<std::size_t> bytes(const char* variable) {
    const std::string_view value = text(variable);
    if (value.empty()) return std::nullopt;
    const auto bytes = to_bytes(value);
    if (bytes.value_or(0) > 0) return bytes;
    throw invalid_argument(
        bad_value(variable, value, "a number of bytes above 0, with K, M, G or T behind it: 512M, 2GiB"));
}

void BadValue::note(const char* variable, std::string_view value, std::string_view what,
                    std::string_view taken) noexcept {
    try {
        line_ = bad_value(variable, value, what).append("; ").append(taken).append(" is taken");
        told_.store(false, std::memory_order_relaxed);
    } catch (const std::bad_alloc&) {  // as a line that cannot be written
    }
}

void BadValue::tell_now() const noexcept {
    if (!told_.exchange(true, std::memory_order_relaxed)) log::warn(std::string_view(line_));
}

Number::Number(const char* variable, std::uint64_t otherwise, std::uint64_t most) noexcept : value_(otherwise) {
    const std::string_view value = text(variable);
    const auto number = to_number(value);
    if (number && *number <= most) {
        value_ = *number;
    } else if (!value.empty()) {
        bad_.note(variable, value, "a whole number from 0 to " + std::to_string(most), std::to_string(otherwise));
    }
}

Switch::Switch(const char* variable) noexcept : on_(false) {
    const std::string_view value = text(variable);
    const auto yes = to_yes(value);
    on_ = yes.value_or(false);
    if (!yes && !value.empty()) bad_.note(variable, value, "1, yes, true or on, or 0, no, false or off", "0");
}

}  // namespace triune::environment
