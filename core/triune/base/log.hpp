// SPDX-License-Identifier: Apache-2.0
// The library's log: spdlog behind one replaceable sink, on stderr unless the application says otherwise.
#pragma once

#include <atomic>
#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace spdlog::sinks {
class sink;
}

namespace triune::log {

enum class Level { trace, debug, info, warn, error, off };

namespace detail {

extern constinit std::atomic<Level> least;  // trace until the environment has been read
bool passes(Level level) noexcept;

}  // namespace detail

// All functions are safe from any thread. The default level is warn; the environment variable TRIUNE_LOG (trace, debug,
// info, warn, error, off) sets another, read at the first use.
void set_level(Level level) noexcept;
inline bool enabled(Level level) noexcept {
    return level >= detail::least.load(std::memory_order_relaxed) && detail::passes(level);
}

// Later lines go to `sink`, in its own pattern, from the logger "triune"; null brings back stderr. The sink must be
// thread-safe (spdlog's `_mt` sinks are). A line on stderr has the time, the level and the thread's number, which is
// the one of recordings: "2026-11-30 12:00:00.123 [triune] [warning] [thread 3] TEXT".
void set_sink(std::shared_ptr<spdlog::sinks::sink> sink);

// One line, made printable.
void write(Level level, std::string_view text) noexcept;

// `text()` makes the line, and is asked only where somebody reads it: a line below the level costs one load. Where it
// throws, for want of memory, the line is left out.
template <std::invocable Text>
void write(Level level, Text&& text) noexcept {
    if (!enabled(level)) return;
    try {
        write(level, std::string_view(std::string(std::forward<Text>(text)())));
    } catch (...) {  // as a line that cannot be written
    }
}

// Each takes a text, or what makes one.
void debug(const auto& text) noexcept { write(Level::debug, text); }
void info(const auto& text) noexcept { write(Level::info, text); }
void warn(const auto& text) noexcept { write(Level::warn, text); }
void error(const auto& text) noexcept { write(Level::error, text); }

}  // namespace triune::log
