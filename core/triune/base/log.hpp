// The library's log: spdlog behind one replaceable sink, on stderr unless the application says otherwise.
#pragma once

#include <memory>
#include <string_view>

namespace spdlog::sinks {
class sink;
}

namespace triune::log {

enum class Level { trace, debug, info, warn, error, off };

// All functions are safe from any thread. The default level is warn; the environment variable TRIUNE_LOG (trace, debug,
// info, warn, error, off) sets another, read at the first use.
void set_level(Level level) noexcept;
bool enabled(Level level) noexcept;

// Later lines go to `sink`; null brings back stderr. The sink must be thread-safe (spdlog's `_mt` sinks are).
void set_sink(std::shared_ptr<spdlog::sinks::sink> sink);

// One line, made printable. Callers that format a text first ask enabled(), so that a line nobody reads costs no
// formatting.
void write(Level level, std::string_view text) noexcept;

inline void debug(std::string_view text) noexcept { write(Level::debug, text); }
inline void info(std::string_view text) noexcept { write(Level::info, text); }
inline void warn(std::string_view text) noexcept { write(Level::warn, text); }
inline void error(std::string_view text) noexcept { write(Level::error, text); }

}  // namespace triune::log
