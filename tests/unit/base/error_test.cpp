// SPDX-License-Identifier: Apache-2.0
// What the library throws, and what it tells about it.
#include <boost/core/demangle.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <typeinfo>

#include <triune/base/error.hpp>
#include <triune/base/log.hpp>

using namespace triune;

namespace {

template <typename Failure>
void expect(Errc code, int number) {
    try {
        throw Failure("'positions': why");
    } catch (const Error& error) {
        BOOST_TEST(error.code() == make_error_code(code));
        BOOST_TEST((error.code() == code));  // by is_error_code_enum
        BOOST_TEST(error.cuda_error() == number);
        BOOST_TEST(std::string(error.what()) == "'positions': why");
    }
    BOOST_CHECK_THROW(throw Failure("x"), std::runtime_error);
    static_assert(std::is_nothrow_copy_constructible_v<Failure>);
}

struct QuietLog {
    QuietLog() { log::set_level(log::Level::off); }
    ~QuietLog() { log::set_level(log::Level::warn); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(every_failure_is_an_error_with_its_code_and_cuda_number) {
    expect<buffer_not_found>(Errc::buffer_not_found, 1);
    expect<type_mismatch>(Errc::type_mismatch, 1);
    expect<limit_exceeded>(Errc::limit_exceeded, 2);
    expect<max_size_exceeded>(Errc::max_size_exceeded, 1);
    expect<out_of_memory>(Errc::out_of_memory, 2);
    expect<async_not_enabled>(Errc::async_not_enabled, 1);
    expect<no_pending_download>(Errc::no_pending_download, 1);
    expect<download_in_flight>(Errc::download_in_flight, 600);
    expect<stale_handle>(Errc::stale_handle, 400);
    expect<invalid_argument>(Errc::invalid_argument, 1);
    expect<device_error>(Errc::device_error, 999);
}

BOOST_AUTO_TEST_CASE(facts_stand_below_the_sentence_and_the_place_behind_it) {
    limit_exceeded failure("'x\n' needs more", {"a fact", "another\tone"});
    BOOST_TEST(failure.what() == std::string("'x\\x0a' needs more\n  a fact\n  another\\x09one"));
    BOOST_TEST(failure.message() == std::string(failure.what()));
    BOOST_TEST(failure.sentence() == "'x\\x0a' needs more");
    BOOST_TEST(failure.where().line() == 0U);
    const CallSite here = CallSite::current();
    failure.called_at(here);
    const std::string place = std::string(" (called at ") + here.file_name() + ":" + std::to_string(here.line()) + ")";
    BOOST_TEST(failure.what() == "'x\\x0a' needs more" + place + "\n  a fact\n  another\\x09one");
    BOOST_TEST(failure.message() == std::string("'x\\x0a' needs more\n  a fact\n  another\\x09one"));
    BOOST_TEST(failure.where().line() == here.line());
}

BOOST_AUTO_TEST_CASE(of_calls_within_calls_the_outermost_that_is_known_is_named) {
    const CallSite outer = CallSite::current();
    const CallSite inner = CallSite::current();
    const auto named = [&](const CallSite& first, const CallSite& second) {
        try {
            detail::at(first, [&] { detail::at(second, [] { throw invalid_argument("why"); }); });
        } catch (const invalid_argument& failure) {
            return failure.where().line();
        }
        return std::uint_least32_t{0};
    };
    BOOST_TEST(named(outer, inner) == outer.line());
    BOOST_TEST(named({}, inner) == inner.line());
    BOOST_TEST(detail::at(outer, [] { return 7; }) == 7);
}

// As std::terminate shows it.
BOOST_AUTO_TEST_CASE(the_names_of_the_classes_can_be_read) {
    BOOST_TEST(boost::core::demangle(typeid(out_of_memory).name()) == "triune::out_of_memory");
    BOOST_TEST(boost::core::demangle(typeid(limit_exceeded).name()) == "triune::limit_exceeded");
}

BOOST_AUTO_TEST_CASE(every_code_has_a_sentence_of_its_own) {
    std::set<std::string> sentences;
    for (int value = 1; value <= static_cast<int>(Errc::device_error); ++value) {
        sentences.insert(error_category().message(value));
    }
    BOOST_TEST(sentences.size() == static_cast<std::size_t>(Errc::device_error));
    BOOST_TEST(sentences.count("unknown error") == 0U);
    BOOST_TEST(error_category().message(99) == "unknown error");
    BOOST_TEST(std::string(error_category().name()) == "triune");
}

BOOST_AUTO_TEST_CASE(a_good_status_throws_nothing) {
    BOOST_CHECK_NO_THROW(check(success, "copying"));
    BOOST_CHECK_NO_THROW(check(success, std::string("copying")));
}

BOOST_AUTO_TEST_CASE(a_bad_status_becomes_an_exception_that_says_what_was_done_and_which_verb_failed) {
    try {
        check(Status{700, "copy"}, "zeroing 'positions'");
        BOOST_ERROR("nothing was thrown");
    } catch (const device_error& error) {
        const std::string what = error.what();
        BOOST_TEST(error.cuda_error() == 700);
        BOOST_TEST(what.find("zeroing 'positions'") != std::string::npos);
        BOOST_TEST(what.find("copy") != std::string::npos);
        BOOST_TEST(what.find("700") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_status_of_memory_run_out_becomes_out_of_memory) {
    BOOST_CHECK_THROW(check(Status{2, "chunk_create"}, "committing"), out_of_memory);
}

BOOST_FIXTURE_TEST_CASE(teardown_counts_failures_and_only_those, QuietLog) {
    const auto before = teardown_failures();
    report_teardown(success, "releasing");
    BOOST_TEST(teardown_failures() == before);
    report_teardown(Status{400, "stream_destroy"}, "releasing");
    BOOST_TEST(teardown_failures() == before + 1);
    static_assert(noexcept(report_teardown(success, "")));
}

BOOST_AUTO_TEST_SUITE_END()
