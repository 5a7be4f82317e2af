// SPDX-License-Identifier: Apache-2.0
// A recording as lines of JSON.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include <triune/detail/track/event_store.hpp>

namespace triune {

// docs/looking-inside.md describes the lines. Places and stacks are written once, on lines of their own before the
// first event that names them.
class RecordingText {
  public:
    static constexpr int version = 1;

    // `began` is the time 0 of all lines.
    explicit RecordingText(std::uint64_t began_ticks) noexcept : began_(began_ticks) {}

    std::string head() const;
    // By time.
    void append(std::string& text, std::vector<const StoredEvent*> events);
    std::string end(std::uint64_t ticks, std::uint64_t lost) const;

  private:
    void append(std::string& text, const StoredEvent& event);
    std::uint64_t place_number(std::string& text, const std::source_location& where);
    std::uint64_t stack_number(std::string& text, const StackTrace& stack);

    const std::uint64_t began_;
    std::unordered_map<const void*, std::uint64_t> places_;
    std::map<std::string, std::uint64_t> stacks_;  // by their bytes
};

}  // namespace triune
