// SPDX-License-Identifier: Apache-2.0
// What the library throws, and what it tells about it.
#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <type_traits>

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
