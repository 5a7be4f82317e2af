// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>

#include <spdlog/sinks/base_sink.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <triune/base/log.hpp>
#include <triune/detail/base/held_locks.hpp>
#include <triune/detail/base/mutex.hpp>

using namespace triune;

namespace {

// Notes for each line whether a lock of the library was held.
struct Sink final : spdlog::sinks::base_sink<spdlog::details::null_mutex> {
    struct Line {
        std::string text;
        bool under_lock;
    };
    std::vector<Line> lines;

    void sink_it_(const spdlog::details::log_msg& message) override {
        lines.push_back({std::string(message.payload.data(), message.payload.size()), HeldLocks::any()});
    }
    void flush_() override {}
};

struct OnSink {
    OnSink() { log::set_sink(sink); }
    ~OnSink() { log::set_sink(nullptr); }
    std::shared_ptr<Sink> sink = std::make_shared<Sink>();
    Mutex outer;
    Mutex inner;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(held_locks, OnSink)

BOOST_AUTO_TEST_CASE(a_line_written_under_a_lock_reaches_the_sink_after_the_last_one_is_released) {
    {
        const std::lock_guard first(outer);
        {
            const std::lock_guard second(inner);
            log::error("one");
            log::error("two");
        }
        BOOST_TEST(sink->lines.empty());
        log::error("three");
        BOOST_TEST(sink->lines.empty());
    }
    BOOST_TEST_REQUIRE(sink->lines.size() == 3U);
    BOOST_TEST(sink->lines[0].text == "one");
    BOOST_TEST(sink->lines[1].text == "two");
    BOOST_TEST(sink->lines[2].text == "three");
    for (const auto& line : sink->lines) BOOST_TEST(!line.under_lock);
}

BOOST_AUTO_TEST_CASE(a_line_written_without_a_lock_is_written_at_once) {
    log::error("one");
    BOOST_TEST(sink->lines.size() == 1U);
    { const std::lock_guard lock(outer); }
    BOOST_TEST(sink->lines.size() == 1U);
}

BOOST_AUTO_TEST_CASE(locks_are_counted_and_a_try_that_fails_is_not) {
    BOOST_TEST(!HeldLocks::any());
    BOOST_TEST(outer.try_lock());
    BOOST_TEST(HeldLocks::any());
    outer.unlock();
    BOOST_TEST(!HeldLocks::any());
}

BOOST_AUTO_TEST_SUITE_END()
