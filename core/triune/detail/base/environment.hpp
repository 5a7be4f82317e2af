// SPDX-License-Identifier: Apache-2.0
// Environment variables, all read in one way.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace triune::environment {

// Empty where the variable is not set. As long as nobody changes the environment.
std::string_view text(const char* variable) noexcept;

bool is_set(const char* variable) noexcept;

// What texts say; nothing where they say something else. Letter case does not matter.
std::optional<std::uint64_t> to_number(std::string_view text) noexcept;
// Bytes: "512", "64K", "2 GB", "2GiB". K, M, G and T are binary multiples, whatever stands behind them.
std::optional<std::size_t> to_bytes(std::string_view text) noexcept;
// 1, yes, true, on; 0, no, false, off.
std::optional<bool> to_yes(std::string_view text) noexcept;
bool same_word(std::string_view a, std::string_view b) noexcept;

// "VARIABLE is 'loud'; it may be WHAT".
std::string bad_value(const char* variable, std::string_view value, std::string_view what);

// A size above 0; nothing where the variable is not set or empty. Throws invalid_argument for another value.
std::optional<std::size_t> bytes(const char* variable);

// A bad value that something else is taken for. The log has one warning of it.
class BadValue {
  public:
    // Once, before tell(). `what` it may be.
    void note(const char* variable, std::string_view value, std::string_view what, std::string_view taken) noexcept;

    // By whoever uses what was taken, not by who reads the variable: a sink may come back to what is just being made.
    void tell() const noexcept {
        if (!told_.load(std::memory_order_relaxed)) tell_now();
    }

  private:
    void tell_now() const noexcept;

    std::string line_;
    mutable std::atomic<bool> told_{true};
};

// A whole number up to `most`, read once: a static object.
class Number {
  public:
    Number(const char* variable, std::uint64_t otherwise, std::uint64_t most) noexcept;
    std::uint64_t value() const noexcept {
        bad_.tell();
        return value_;
    }

  private:
    std::uint64_t value_;
    BadValue bad_;
};

// Yes or no, read once: a static object. Not set is no.
class Switch {
  public:
    explicit Switch(const char* variable) noexcept;
    bool is_on() const noexcept {
        bad_.tell();
        return on_;
    }

  private:
    bool on_;
    BadValue bad_;
};

}  // namespace triune::environment
