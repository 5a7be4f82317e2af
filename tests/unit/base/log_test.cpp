// SPDX-License-Identifier: Apache-2.0
// The log's levels and its one replaceable sink.
#include <boost/test/unit_test.hpp>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <new>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>
#include <triune/detail/base/thread_number.hpp>

using namespace triune;

namespace {

struct ToText {
    ToText() {
        const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text);
        sink->set_pattern("[%n] [%l] %v");  // which the library leaves as it is
        log::set_sink(sink);
    }
    ~ToText() {
        log::set_sink(nullptr);
        log::set_level(log::Level::warn);
    }
    std::size_t lines() const {
        const std::string all = text.str();
        return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
    }
    std::ostringstream text;
};

class ThrowingSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    int asked = 0;

  protected:
    void sink_it_(const spdlog::details::log_msg&) override {
        ++asked;
        throw std::runtime_error("the disk is full");
    }
    void flush_() override {}
};

}  // namespace

namespace suites {  // the C library has a function of this suite's name

BOOST_FIXTURE_TEST_SUITE(log, ToText)

BOOST_AUTO_TEST_CASE(a_line_goes_to_the_sink_with_the_librarys_name_and_its_level) {
    triune::log::warn("positions grew");
    BOOST_TEST(text.str() == "[triune] [warning] positions grew\n");
}

BOOST_AUTO_TEST_CASE(a_text_is_one_printable_line_whatever_is_in_it) {
    triune::log::warn(std::string_view("a\0b\nc\xff", 6));
    BOOST_TEST(text.str() == "[triune] [warning] a\\x00b\\x0ac\\xff\n");
}

BOOST_AUTO_TEST_CASE(braces_in_a_text_are_no_format) {
    triune::log::error("a buffer called '{}{0}%s'");
    BOOST_TEST(text.str() == "[triune] [error] a buffer called '{}{0}%s'\n");
}

BOOST_AUTO_TEST_CASE(a_level_lets_itself_and_what_is_above_it_through) {
    using enum triune::log::Level;
    for (const auto level : {trace, debug, info, warn, error}) {
        triune::log::set_level(level);
        for (const auto asked : {trace, debug, info, warn, error}) {
            const std::size_t before = lines();
            triune::log::write(asked, "x");
            BOOST_TEST(triune::log::enabled(asked) == (asked >= level));
            BOOST_TEST(lines() - before == (asked >= level ? 1U : 0U));
        }
    }
}

BOOST_AUTO_TEST_CASE(off_lets_nothing_through_and_is_no_level_to_write_at) {
    triune::log::set_level(triune::log::Level::off);
    triune::log::error("x");
    BOOST_TEST(!triune::log::enabled(triune::log::Level::error));
    triune::log::set_level(triune::log::Level::trace);
    triune::log::write(triune::log::Level::off, "x");
    BOOST_TEST(!triune::log::enabled(triune::log::Level::off));
    BOOST_TEST(text.str().empty());
}

BOOST_AUTO_TEST_CASE(a_sink_that_throws_stops_nobody) {
    const auto sink = std::make_shared<ThrowingSink>();
    sink->set_level(spdlog::level::trace);
    triune::log::set_sink(sink);
    triune::log::error("x");
    BOOST_TEST(sink->asked == 1);
}

BOOST_AUTO_TEST_CASE(a_line_that_nobody_reads_never_reaches_the_sink) {
    const auto sink = std::make_shared<ThrowingSink>();
    triune::log::set_sink(sink);
    triune::log::info("below the level");
    BOOST_TEST(sink->asked == 0);
}

BOOST_AUTO_TEST_CASE(what_makes_a_line_is_not_asked_below_the_level) {
    int asked = 0;
    const auto line = [&] { return "line " + std::to_string(++asked); };
    triune::log::debug(line);
    triune::log::info(line);
    BOOST_TEST(asked == 0);
    triune::log::warn(line);
    triune::log::error(line);
    BOOST_TEST(asked == 2);
    BOOST_TEST(text.str() == "[triune] [warning] line 1\n[triune] [error] line 2\n");
}

BOOST_AUTO_TEST_CASE(a_line_that_cannot_be_made_is_left_out) {
    triune::log::error([]() -> std::string { throw std::bad_alloc(); });
    BOOST_TEST(text.str().empty());
}

BOOST_AUTO_TEST_CASE(a_sink_keeps_its_own_pattern) {
    std::ostringstream own;
    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(own);
    sink->set_pattern("%l of %n: %v");
    triune::log::set_sink(sink);
    triune::log::warn("positions grew");
    BOOST_TEST(own.str() == "warning of triune: positions grew\n");
}

BOOST_AUTO_TEST_CASE(without_a_sink_lines_go_to_stderr_with_time_and_thread_and_not_to_stdout) {
    std::fflush(nullptr);
    int ends[2];
    BOOST_REQUIRE(pipe(ends) == 0);
    const int kept = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    triune::log::set_sink(nullptr);
    triune::log::error("to stderr");
    std::uint32_t other = 0;
    std::thread([&] {
        other = this_thread_number();
        triune::log::warn("from another thread");
    }).join();
    std::fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    char read_back[256] = {};
    BOOST_TEST(read(ends[0], read_back, sizeof read_back - 1) > 0);
    close(ends[0]);
    const std::string time = R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} )";
    const std::regex lines(time + R"(\[triune\] \[error\] \[thread )" + std::to_string(this_thread_number()) +
                           R"(\] to stderr\n)" + time + R"(\[triune\] \[warning\] \[thread )" + std::to_string(other) +
                           R"(\] from another thread\n)");
    BOOST_TEST(std::regex_match(read_back, lines), read_back);
}

BOOST_AUTO_TEST_CASE(threads_write_whole_lines) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([] {
            for (int line = 0; line < 100; ++line) triune::log::error("0123456789");
        });
    }
    for (auto& thread : threads) thread.join();
    std::istringstream all(text.str());
    std::size_t whole = 0;
    for (std::string line; std::getline(all, line);) whole += line == "[triune] [error] 0123456789" ? 1U : 0U;
    BOOST_TEST(whole == 400U);
}

BOOST_AUTO_TEST_CASE(a_failed_teardown_is_logged_as_an_error) {
    report_teardown(Status{400, "event_destroy"}, "destroying an event");
    BOOST_TEST(text.str() == "[triune] [error] destroying an event: event_destroy failed with CUDA error 400\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace suites
