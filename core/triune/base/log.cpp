// SPDX-License-Identifier: Apache-2.0
#include <triune/base/log.hpp>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <atomic>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <triune/detail/base/environment.hpp>
#include <triune/detail/base/fork_guard.hpp>
#include <triune/detail/base/held_locks.hpp>
#include <triune/detail/base/printable.hpp>
#include <triune/detail/base/thread_number.hpp>

namespace triune::log {

constinit std::atomic<Level> detail::least{Level::trace};

namespace {

spdlog::level::level_enum to_spdlog(Level level) noexcept {
    switch (level) {
        case Level::trace:
            return spdlog::level::trace;
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warn:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
        case Level::off:
            break;
    }
    return spdlog::level::off;
}

Level level_from_environment(environment::BadValue& bad) noexcept {
    constexpr const char* variable = "TRIUNE_LOG";
    constexpr std::array words{"trace", "debug", "info", "warn", "error", "off"};
    const std::string_view text = environment::text(variable);
    for (std::size_t level = 0; level < words.size(); ++level) {
        if (environment::same_word(text, words[level])) return static_cast<Level>(level);
    }
    if (!text.empty()) bad.note(variable, text, "'trace', 'debug', 'info', 'warn', 'error' or 'off'", "'warn'");
    return Level::warn;
}

// As in recordings.
class ThreadNumber final : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg&, const std::tm&, spdlog::memory_buf_t& line) override {
        const std::string number = std::to_string(this_thread_number());
        line.append(number.data(), number.data() + number.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<ThreadNumber>(); }
};

// Never destroyed: objects that outlive main still log.
struct State {
    State() { detail::least.store(level_from_environment(bad_level), std::memory_order_relaxed); }

    void lock_for_fork() noexcept { mutex.lock(); }
    void unlock_after_fork() noexcept { mutex.unlock(); }

    environment::BadValue bad_level;
    std::mutex mutex;  // of the pointer alone: a sink runs without it
    std::shared_ptr<spdlog::logger> logger = on_stderr();

    static std::shared_ptr<spdlog::logger> on_stderr() {
        auto formatter = std::make_unique<spdlog::pattern_formatter>();
        formatter->add_flag<ThreadNumber>('*').set_pattern("%Y-%m-%d %H:%M:%S.%e [%n] [%l] [thread %*] %v");
        auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        sink->set_formatter(std::move(formatter));
        return make(std::move(sink));
    }
    // Lines look as the sink's owner says.
    static std::shared_ptr<spdlog::logger> make(std::shared_ptr<spdlog::sinks::sink> sink) {
        auto logger = std::make_shared<spdlog::logger>("triune", std::move(sink));
        logger->set_level(spdlog::level::trace);  // filtered before it gets here
        return logger;
    }

    ForkGuard fork_guard{ForkGuard::Rank::log, *this};
};

State& state() {
    static State* const instance = new State;
    return *instance;
}

struct Line {
    Level level;
    std::string text;
};

// What a thread has to say while it holds a lock of the library; said once it has released the last one.
constinit thread_local std::vector<Line>* waiting_lines = nullptr;

void write_waiting_lines() noexcept {
    const std::unique_ptr<std::vector<Line>> lines(std::exchange(waiting_lines, nullptr));
    for (const Line& line : *lines) write(line.level, line.text);
}

void write_later(Level level, std::string_view text) {
    if (waiting_lines == nullptr) waiting_lines = new std::vector<Line>;
    HeldLocks::tell_later(write_waiting_lines);
    waiting_lines->push_back({level, std::string(text)});
}

}  // namespace

void set_level(Level level) noexcept {
    state().bad_level.tell();  // the environment has been read, once
    detail::least.store(level, std::memory_order_relaxed);
}

bool detail::passes(Level level) noexcept {
    state().bad_level.tell();
    return level != Level::off && level >= least.load(std::memory_order_relaxed);
}

void set_sink(std::shared_ptr<spdlog::sinks::sink> sink) {
    auto logger = sink ? State::make(std::move(sink)) : State::on_stderr();
    const std::lock_guard lock(state().mutex);
    state().logger = std::move(logger);
}

void write(Level level, std::string_view text) noexcept {
    if (!enabled(level)) return;
    try {
        if (HeldLocks::any()) return write_later(level, text);
        std::shared_ptr<spdlog::logger> logger;
        {
            const std::lock_guard lock(state().mutex);
            logger = state().logger;
        }
        const std::string escaped = is_printable(text) ? std::string() : printable(text);
        if (!escaped.empty()) text = escaped;
        logger->log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
        logger->flush();
    } catch (...) {  // a line that cannot be written must not stop the program
    }
}

}  // namespace triune::log
